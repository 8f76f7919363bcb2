import ProviderKit
import Secrets

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Secrets in environment variables: `env:NAME`.
public struct EnvironmentSecrets: SecretResolver {
  /// Reads the environment of this process.
  public init() {}

  /// The value of the variable, exactly as it is.
  ///
  /// - Throws: `SecretError` if the variable is not set.
  public func value(of key: String, in namespace: String) async throws -> SecretValue? {
    guard key.hasPrefix("env:") else { return nil }
    let name = String(key.dropFirst(4))
    guard let value = getenv(name) else {
      throw SecretError(key: key, "the environment variable `\(name)` is not set")
    }
    return SecretValue(bytes: Array(UnsafeRawBufferPointer(start: value, count: strlen(value))))
  }
}
