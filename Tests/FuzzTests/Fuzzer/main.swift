// Feeds one of the targets with inputs that libFuzzer makes up.
//
// Usage: fuzz TARGET [OPTIONS OF LIBFUZZER] [FOLDERS OF INPUTS]
//        fuzz --list   names the targets, each with its longest input and the folders of its seeds
import CFuzzer
import Foundation

if CommandLine.arguments.dropFirst() == ["--list"] {
  for target in FuzzTarget.all {
    print(target.name, target.maximumLength, target.seeds.joined(separator: " "))
  }
  exit(0)
}
guard CommandLine.argc > 1, let target = FuzzTarget.named(CommandLine.arguments[1]) else {
  fatalError("the first argument names a target: see `fuzz --list`")
}
chosen = target
// What is left is libFuzzer's.
var arguments = [CommandLine.arguments[0]] + CommandLine.arguments.dropFirst(2)
var words = arguments.map { strdup($0) } + [nil]
var count = Int32(arguments.count)
words.withUnsafeMutableBufferPointer { buffer in
  var start = buffer.baseAddress
  exit(
    LLVMFuzzerRunDriver(&count, &start) { data, size in
      autoreleasepool {
        do {
          try chosen?.check(Array(UnsafeBufferPointer(start: data, count: size)))
        } catch {
          fatalError("\(error)")
        }
      }
      return 0
    })
}

#if !canImport(ObjectiveC)
  /// Only where there is Objective-C is there a pool to be emptied.
  func autoreleasepool(_ body: () -> Void) { body() }
#endif
