/// A list of processors as cpuset(7) writes it: `0-3,6`.
package struct ProcessorList: Equatable {
  package let numbers: Set<Int>

  /// The most processors that a list can name.
  static let limit = 8192

  /// Reads a list; `nil` if it is none, or names a processor that no machine has.
  package init?(_ text: String) {
    var numbers: Set<Int> = []
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      let ends = part.split(separator: "-", omittingEmptySubsequences: false).map { Int($0) }
      guard (1...2).contains(ends.count), let first = ends[0], let last = ends[ends.count - 1], first >= 0,
        last >= first, last < Self.limit
      else { return nil }
      numbers.formUnion(first...last)
    }
    self.numbers = numbers
  }

  /// Those that this process may run on; `nil` where the system does not say.
  package static var own: ProcessorList? {
    let status = (try? Files.read("/proc/self/status")).flatMap { $0 } ?? []
    let line = String(decoding: status, as: UTF8.self).split(separator: "\n").first {
      $0.hasPrefix("Cpus_allowed_list:")
    }
    return line.flatMap { $0.split(separator: "\t").last }.flatMap { ProcessorList(String($0)) }
  }

  /// As a mask of whole words, each processor a bit of a byte.
  var mask: [UInt8] {
    var mask = [UInt8](repeating: 0, count: ((numbers.max() ?? 0) / 64 + 1) * 8)
    for number in numbers { mask[number / 8] |= 1 << UInt8(number % 8) }
    return mask
  }
}
