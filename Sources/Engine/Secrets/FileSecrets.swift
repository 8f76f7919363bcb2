import ProviderKit
import Secrets
import UserFiles

/// Secrets in files: `file:PATH`, relative to the working directory.
public struct FileSecrets: SecretResolver {
  /// How large the value of a secret may be, in bytes.
  public static let maximumSize = 1 << 20

  /// Reads files as this process may.
  public init() {}

  /// The content of the file, exactly as it is.
  ///
  /// - Throws: `SecretError` if the file can't be read, is no regular file, or is larger than ``maximumSize``.
  public func value(of key: String, in namespace: String) async throws -> SecretValue? {
    guard key.hasPrefix("file:") else { return nil }
    do throws(UserFileError) {
      // A secret is shown nowhere, and secrets lie where a runner mounts them: it may be anywhere.
      return SecretValue(bytes: try UserFile.bytes(of: String(key.dropFirst(5)), atMost: Self.maximumSize))
    } catch {
      throw SecretError(key: key, error.message)
    }
  }
}
