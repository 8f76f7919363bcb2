import Secrets
import WorkloadSpec

extension ActionContext {
  /// The value of a secret of the run.
  ///
  /// - Parameter key: the reference's key.
  /// - Throws: ``ActionFailure`` if it has none.
  public func secret(_ key: String) throws(ActionFailure) -> SecretValue {
    guard let value = secrets[key] else { throw ActionFailure("the secret `\(key)` has no value") }
    return value
  }

  /// A text of the spec with its secrets filled in, to be handed to a service and stored nowhere else.
  ///
  /// - Parameters:
  ///   - text: the value of an environment variable, or the content of a config file.
  ///   - fill: fills in what else the provider knows; it is given what stands between the secrets, never a
  ///     secret itself.
  /// - Throws: ``ActionFailure`` if a secret has no value.
  public func fillingSecrets(
    of text: String, fill: (String) -> String = { $0 }
  ) throws(ActionFailure) -> SecretValue {
    var bytes: [UInt8] = []
    for part in SecretText(text).parts {
      switch part {
      case .text(let plain): bytes += Array(fill(plain).utf8)
      case .secret(let key): bytes += try secret(key).bytes
      }
    }
    return SecretValue(bytes: bytes)
  }

  /// What a stamp of a service may hold of its secrets: the keyed digest of each value, by
  /// ``WorkloadSpec/SecretUse/identity``, as ``Planning/ObservedService/secretDigests`` must report it.
  public func secretDigests(of service: some BodyElement) -> [String: String] {
    secretDigests(of: AnyElement(service))
  }

  /// What a stamp of an element may hold of its secrets.
  public func secretDigests(of element: AnyElement) -> [String: String] {
    var digests: [String: String] = [:]
    for use in element.secretUses { digests[use.identity] = secretDigests[use.key] }
    return digests
  }
}
