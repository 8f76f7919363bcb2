/// One secret at one place of a service that its value goes to.
public struct SecretUse: Hashable, Sendable {
  /// Where a value goes.
  public enum Place: Hashable, Sendable {
    /// Where an element of `secrets` says, told apart by ``SecretReference/identity``.
    case listed(String)
    /// Into the value of an environment variable.
    case variable(String)
    /// Into the content of the config file with this name.
    case configFile(String)
  }

  /// Where the value is found.
  public let key: String
  /// How the service is given it.
  public let type: SecretType
  /// Where it goes.
  public let place: Place

  /// What tells it apart from the other uses of the service; the digest of the value is stamped under this.
  public var identity: String {
    switch place {
    case .listed(let identity): identity
    case .variable(let name): "env.\(name)=\(key)"
    case .configFile(let name): "configFiles.\(name)=\(key)"
    }
  }
}

extension Service {
  /// Every secret that the service is given: those that it lists, and those in its environment variables and
  /// config files. Ordered by identity.
  public var secretUses: [SecretUse] {
    var uses = self.secrets.map { SecretUse(key: $0.key, type: $0.type, place: .listed($0.identity)) }
    for entry in self.env.entries where SecretText.mayHoldSecrets(entry.value) {
      uses += SecretText(entry.value).keys.map {
        SecretUse(key: $0, type: .env, place: .variable(entry.key))
      }
    }
    for file in self.configFiles where SecretText.mayHoldSecrets(file.content) {
      uses += SecretText(file.content).keys.map {
        SecretUse(key: $0, type: .file, place: .configFile(file.name))
      }
    }
    return uses.sorted { $0.identity < $1.identity }
  }
}
