import ProviderKit

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Secrets in files: `file:PATH`, relative to the working directory.
public struct FileSecrets: SecretResolver {
  /// How large the value of a secret may be, in bytes.
  public static let maximumSize = 1 << 20

  /// Reads files as this process may.
  public init() {}

  /// The content of the file, exactly as it is.
  ///
  /// - Throws: `SecretError` if the file can't be read or is larger than ``maximumSize``.
  public func value(of key: String, in namespace: String) async throws -> SecretValue? {
    guard key.hasPrefix("file:") else { return nil }
    let path = String(key.dropFirst(5))
    func unreadable() -> SecretError {
      SecretError(key: key, "`\(path)` can't be read: \(String(cString: strerror(errno)))")
    }
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw unreadable() }
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 16_384)
    while true {
      let count = read(descriptor, &buffer, buffer.count)
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw unreadable() }
      if count == 0 { return SecretValue(bytes: bytes) }
      bytes += buffer[..<count]
      guard bytes.count <= Self.maximumSize else {
        throw SecretError(key: key, "`\(path)` is larger than \(Self.maximumSize) bytes")
      }
    }
  }
}
