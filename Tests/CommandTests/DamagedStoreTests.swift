import Foundation
import Testing

/// The built program before a history that can't be used: it says what is wrong and what to do, and touches nothing.
@Suite struct DamagedStoreTests {
  let sandbox: Sandbox
  let file: String

  init() throws {
    sandbox = try Sandbox()
    file = try sandbox.write(
      "workload.yaml",
      "name: shop\nservices: [{name: api, stopGrace: 1s, command: [/bin/sleep, \"86400\"]}]\n")
  }

  var store: String { sandbox.home + "/local/berth.db" }

  /// Whether every command refuses with the path of the store and these words, and help.
  func expectRefusal(_ words: String) throws {
    let before = FileManager.default.contents(atPath: store)
    let commands = [
      ["apply", "-f", file], ["plan", "-f", file], ["history", "shop"], ["status", "shop"], ["list"],
      ["rollback", "shop", "--to", "1"], ["destroy", "shop", "--yes"],
    ]
    for command in commands {
      let result = try sandbox.berth(command)
      #expect(result.status == 1, "\(command): \(result.output)")
      #expect(result.errors.contains(words) && result.errors.contains(store), "\(command): \(result.errors)")
      #expect(result.errors.contains("help: "), "\(command): \(result.errors)")
      #expect(FileManager.default.contents(atPath: store) == before, "\(command)")
    }
  }

  /// What a command needs no history for goes on, and so do the processes.
  func damage(_ change: (inout Data) -> Void) throws {
    #expect(try sandbox.berth("apply", "-f", file).status == 0)
    var bytes = try Data(contentsOf: URL(fileURLWithPath: store))
    change(&bytes)
    try bytes.write(to: URL(fileURLWithPath: store))
    for suffix in ["-wal", "-shm"] { try? FileManager.default.removeItem(atPath: store + suffix) }
  }

  @Test("A torn file") func aTornFile() throws {
    try damage { $0 = $0.prefix($0.count / 2) }
    try expectRefusal("is damaged")
    #expect(try Census(home: sandbox.home).members.count == 1)
  }

  @Test("Garbage in a file") func garbageInAFile() throws {
    try damage { bytes in
      for index in 4096..<min(bytes.count, 12_288) { bytes[index] = UInt8(truncatingIfNeeded: index &* 31) }
    }
    try expectRefusal("is damaged")
  }

  @Test("Something else in its place") func somethingElseInItsPlace() throws {
    try damage { $0 = Data("these are not the releases that you look for\n".utf8) }
    try expectRefusal("is damaged")
  }

  @Test("A folder in its place") func aFolderInItsPlace() throws {
    try FileManager.default.createDirectory(atPath: store, withIntermediateDirectories: true)
    try expectRefusal("is not a file")
  }

  @Test(
    "A file of another user is refused",
    .enabled(if: geteuid() == 0, "only the superuser can give files away"))
  func somebodyElsesFile() throws {
    try damage { _ in }
    try FileManager.default.setAttributes([.ownerAccountID: 12345], ofItemAtPath: store)
    try expectRefusal("belongs to the user with number 12345")
  }

  /// A home that can be read and not written.
  @Test(
    "A file system that is read only",
    .enabled(if: geteuid() == 0, "only the superuser can mount a file system"))
  func aFileSystemThatIsReadOnly() throws {
    #expect(try sandbox.berth("apply", "-f", file).status == 0)
    let script = """
      mount --bind \(sandbox.home) \(sandbox.home) && mount -o remount,bind,ro \(sandbox.home) || exit 77
      \(Sandbox.program) apply -f \(file)
      echo "status $?"
      sed -i s/86400/86401/ \(file)
      \(Sandbox.program) apply -f \(file)
      echo "status $?"
      """
    let result = try sandbox.shell("exec unshare -m --propagation private /bin/sh -c '\(script)'")
    if result.status != 0 { return try withKnownMount(result) }
    // Whether there is anything to do can be told as long as SQLite finds its side files, which it can't make there.
    let first = result.output.components(separatedBy: "status ").first ?? ""
    #expect(
      result.output.hasPrefix("\(first)status 1") || first.contains("No changes:"),
      "\(result.output)\(result.errors)")
    #expect(result.output.hasSuffix("status 1\n"), "\(result.output)\(result.errors)")
    #expect(result.errors.contains(store) && result.errors.contains("help: "), "\(result.errors)")
    // Once it can be written again, everything goes on.
    #expect(try sandbox.berth("apply", "-f", file).status == 0)
    #expect(try sandbox.releaseNumbers("shop") == [1, 2])
  }

  /// A disk that fills up between two applies.
  @Test("A disk that is full", .enabled(if: geteuid() == 0, "only the superuser can mount a file system"))
  func aDiskThatIsFull() throws {
    try FileManager.default.createDirectory(atPath: sandbox.home, withIntermediateDirectories: true)
    let program = Sandbox.program
    let script = """
      mount -t tmpfs -o size=600m none \(sandbox.home) || exit 77
      \(program) apply -f \(file) || exit 1
      dd if=/dev/zero of=\(sandbox.home)/filler bs=1M 2>/dev/null
      dd if=/dev/zero of=\(sandbox.home)/rest bs=1 2>/dev/null
      sed -i s/86400/86401/ \(file)
      \(program) apply -f \(file)
      echo "full: status $?"
      rm \(sandbox.home)/filler \(sandbox.home)/rest
      \(program) apply -f \(file)
      echo "again: status $?"
      \(program) history shop --format json | grep number
      \(program) destroy shop --yes
      """
    let result = try sandbox.shell("exec unshare -m --propagation private /bin/sh -c '\(script)'")
    if result.status != 0 { return try withKnownMount(result) }
    #expect(result.output.contains("full: status 1"), "\(result.output)\(result.errors)")
    #expect(result.output.contains("again: status 0"), "\(result.output)\(result.errors)")
    #expect(
      result.output.contains("\"number\": 1") && result.output.contains("\"number\": 2"), "\(result.output)")
    #expect(!result.output.contains("\"number\": 3"), "\(result.output)")
    // Where there was room for the beginning of a run, it is the line of the action that says so.
    let told = result.errors + result.output
    #expect(told.contains("the disk is full") || told.contains("No space left"), "\(told)")
  }

  /// Some containers may not mount; anything else is a failure.
  private func withKnownMount(_ result: Sandbox.Result) throws {
    #expect(result.status == 77 || result.errors.contains("unshare"), "\(result.output)\(result.errors)")
  }
}
