import Crypto
import Supervisor
import Synchronization
import Values

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The copy of this program that supervisors run, so that an upgrade of berth takes nothing away from them.
final class ProgramCopy: Sendable {
  /// The path of this program.
  static let running = "/proc/self/exe"
  /// How old a copy that no supervisor runs must be, in seconds, to be deleted: another command may just be
  /// about to start a supervisor with it.
  private static let minimumAge = 3600

  private let source: String
  private let layout: Layout
  private let made = Mutex<String?>(nil)

  /// A copy of a program; ``path()`` makes it.
  init(of source: String, to layout: Layout) {
    self.source = source
    self.layout = layout
  }

  /// The path of the copy, which is made if it is not there. Its name tells its content.
  func path() throws(SystemError) -> String {
    let known = made.withLock { $0 }
    if let known, Files.kind(known) != nil { return known }
    let path = "\(layout.programs)/berth-\(try digest())"
    if Files.kind(path) == nil {
      try Files.makeFolders(layout.programs)
      let temporary = "\(path).\(getpid())"
      try copy(to: temporary)
      try Files.rename(temporary, to: path)
      deleteUnused(except: path)
    }
    made.withLock { $0 = path }
    return path
  }

  private func digest() throws(SystemError) -> String {
    var hash = SHA256()
    try readSource { chunk throws(SystemError) in hash.update(data: chunk) }
    return Hex.lower(hash.finalize().prefix(8))
  }

  private func copy(to path: String) throws(SystemError) {
    let descriptor = try Files.open(path, O_WRONLY | O_CREAT | O_TRUNC, mode: 0o700)
    defer { close(descriptor) }
    try readSource { chunk throws(SystemError) in try Files.writeAll(chunk, to: descriptor, of: path) }
  }

  private func readSource(_ body: ([UInt8]) throws(SystemError) -> Void) throws(SystemError) {
    let descriptor = try Files.open(source, O_RDONLY)
    defer { close(descriptor) }
    while let chunk = try Files.readChunk(descriptor, of: source, atMost: 1 << 20) { try body(chunk) }
  }

  /// Deletes copies that no instance's supervisor runs any more. What can't be told is kept.
  private func deleteUnused(except path: String) {
    var used: Set<String> = []
    guard let instances = try? Files.names(in: layout.instances) else { return }
    for name in instances {
      guard let record = try? InstanceRecord.read("\(layout.instances)/\(name)/\(InstanceFolder.stateName)")
      else { return }
      used.insert(record.program)
    }
    for name in (try? Files.names(in: layout.programs)) ?? [] {
      let file = "\(layout.programs)/\(name)"
      var status = stat()
      guard file != path, !used.contains(name), stat(file, &status) == 0,
        time(nil) - Files.modified(status) > Self.minimumAge
      else { continue }
      try? Files.remove(file)
    }
  }
}
