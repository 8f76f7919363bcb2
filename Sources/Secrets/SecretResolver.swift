/// Something that knows the values of secrets.
public protocol SecretResolver: Sendable {
  /// The value behind a reference's key; `nil` if this resolver does not know keys of this kind.
  ///
  /// - Parameter namespace: the namespace of the workload that needs it, for sources that keep the secrets of
  ///   namespaces apart.
  /// - Throws: ``SecretError`` if the key is of its kind and there is no value. `DiagnosticError` if the
  ///   source itself can't be used.
  func value(of key: String, in namespace: String) async throws -> SecretValue?
}

/// A secret whose value can't be found, or is not what it must be.
public struct SecretError: Error, Sendable {
  /// The key by which the spec refers to the secret: `DB_PASSWORD` in `${secret.DB_PASSWORD}`.
  public let key: String
  /// Why, in one line.
  public let message: String
  /// What to do about it.
  public let help: String?
  /// Whether no machine can have a value; otherwise the user who applies the plan may have one.
  public let isCertain: Bool

  public init(key: String, _ message: String, help: String? = nil, isCertain: Bool = false) {
    self.key = key
    self.message = message
    self.help = help
    self.isCertain = isCertain
  }
}
