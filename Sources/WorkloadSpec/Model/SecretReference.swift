/// A secret that a service is given: named here, resolved at apply, never stored.
public struct SecretReference: SpecElement {
  /// Where the value is found: `env:NAME`, `file:PATH`, or a key of the vault.
  public var key = ""
  /// How the service is given it.
  public var type = SecretType.env
  /// The environment variable, the path of the file, or the registry's host.
  public var `as` = ""
  /// The permissions of the file; `nil` for 0400.
  public var mode: String?
  /// Who the file belongs to; `nil` for who the provider gives such files to.
  public var owner: String?

  /// A reference with nothing set.
  public init() {}

  /// Told apart by how and under which name it is given.
  public static let identityFields = ["type", "as"]
  /// `env/API_TOKEN`.
  public var identity: String { "\(type.rawValue)/\(self.as)" }

  /// Where the service sees files that hold the value.
  public var filePaths: [String] {
    switch type {
    case .env, .registry: []
    case .file: [self.as]
    case .tls: [certificatePath, keyPath]
    }
  }

  /// Where the service sees the certificates, if the secret is of type `tls`.
  public var certificatePath: String { self.as + "/tls.crt" }
  /// Where the service sees the private key, if the secret is of type `tls`.
  public var keyPath: String { self.as + "/tls.key" }

  /// The statement of a secret reference's fields.
  public static let schema = ObjectSchema<SecretReference>(
    "secret", "A secret that a service is given: named here, resolved at apply, never stored.",
    synonyms: ["name": "key", "source": "key", "target": "as", "env": "as", "path": "as", "uid": "owner"],
    fields: [
      Field("key", \.key, "where the value is found", required: true, rules: [.notEmpty, .secretKey]),
      Field("type", \.type, "how the service is given it"),
      Field(
        "as", \.as, "the environment variable, the path of the file, or the registry's host", required: true,
        rules: [.notEmpty]),
      Field("mode", \.mode, "the permissions of the file, such as `0440`", rules: [.fileMode]),
      Field("owner", \.owner, "who the file belongs to, as `UID` or `UID:GID`", rules: [.owner]),
    ])
}

/// How a service is given a secret.
public enum SecretType: String, SpecChoice {
  /// In an environment variable.
  case env
  /// In a file of mode 0400.
  case file
  /// As the credentials for an image registry.
  case registry
  /// As certificates and their key, in two files of a folder: `tls.crt`, and `tls.key` of mode 0400.
  case tls
}
