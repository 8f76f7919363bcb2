import Secrets
import WorkloadSpec

/// A secret whose value is not of the form that its type asks for.
public struct MalformedSecret: Error, Sendable {
  /// What is wrong, in one line that holds nothing of the value.
  public let message: String

  init(_ message: String) { self.message = message }
}

extension SecretUse {
  /// Checks that a value can be given to the service in this way.
  ///
  /// - Throws: ``MalformedSecret`` if it can't.
  public func check(_ value: SecretValue) throws(MalformedSecret) {
    switch type {
    case .env:
      if value.bytes.contains(0) {
        throw MalformedSecret("it holds a null character, which no environment variable can hold")
      }
    case .file: break
    case .registry: _ = try RegistryCredentials(value)
    case .tls: _ = try TLSCredentials(value)
    }
  }
}
