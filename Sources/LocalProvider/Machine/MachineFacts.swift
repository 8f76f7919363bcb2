import Supervisor

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// What is known of this machine.
enum MachineFacts {
  static var hostName: String {
    var name = [CChar](repeating: 0, count: 256)
    guard gethostname(&name, name.count - 1) == 0 else { return "localhost" }
    return String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  /// What tells the machine apart from all others; its name, where it has nothing better.
  static var identity: String {
    guard let bytes = try? Files.read("/etc/machine-id") else { return hostName }
    let text = String(decoding: bytes.filter { $0 > 0x20 }, as: UTF8.self)
    return text.isEmpty ? hostName : text
  }

  /// The operating system and its release: `Linux 6.18.44`.
  static var system: String {
    var names = utsname()
    guard uname(&names) == 0 else { return "unknown" }
    return "\(text(names.sysname)) \(text(names.release))"
  }

  private static func text<Characters>(_ characters: Characters) -> String {
    withUnsafeBytes(of: characters) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
  }
}
