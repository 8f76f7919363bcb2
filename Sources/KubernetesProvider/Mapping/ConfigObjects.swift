import Crypto
import KubernetesAPI
import Planning
import ProviderKit
import Values
import WorkloadSpec

/// What the objects are called that hold a service's config files, secrets and credentials; `nil` for what it has none of.
struct ConfigNames: Sendable, Equatable {
  /// The ConfigMap of config files without secrets in them.
  var files: String?
  /// The Secret of config files with secrets in them, of secret variables and of files that hand secrets over.
  var secrets: String?
  /// The Secret that is shown to registries.
  var registry: String?
}

/// The keys under which a service's config files and secrets stand in their objects.
enum ConfigKey {
  static func file(_ file: ConfigFile) -> String { file.name }
  /// A variable with a secret in it.
  static func variable(_ name: String) -> String { "env.\(name)" }
  /// A file that a secret is handed over in: paths have characters that no key may have.
  static func secret(at path: String) -> String {
    "file.\(Hex.lower(SHA256.hash(data: Array(path.utf8)).prefix(8)))"
  }
}

/// The objects that hold a service's config files, secrets and credentials. They never change: each is called by a keyed
/// digest of what it holds, so that old pods keep theirs.
struct ConfigObjects {
  /// The objects, those of what is not secret first.
  private(set) var objects: [KubernetesObject] = []
  /// What they are called.
  private(set) var names = ConfigNames()

  private let service: Service
  private let writing: Writing

  /// Makes the objects of a service.
  ///
  /// - Throws: `ActionFailure` if a secret has no value, or no usable one.
  init(of service: Service, _ writing: Writing) throws(ActionFailure) {
    self.service = service
    self.writing = writing
    try addFiles()
    try addSecrets()
    try addCredentials()
  }

  private mutating func addFiles() throws(ActionFailure) {
    let texts = service.texts
    let files = service.configFiles.filter { !$0.holdsSecrets }
    guard !files.isEmpty else { return }
    let data = Dictionary(files.map { (ConfigKey.file($0), texts.fillText($0.content)) }) { $1 }
    let name = writing.names.config(
      of: service.name, digest: try digest(data.mapValues { Array($0.utf8) }, "files"))
    var object = writing.object(.configMaps, named: name, .config)
    object["immutable"] = true
    object["data"] = .texts(data)
    names.files = name
    objects.append(object)
  }

  private mutating func addSecrets() throws(ActionFailure) {
    var data: [String: [UInt8]] = [:]
    let environment = try ServiceEnvironment(
      of: service, in: InstanceID(0), ports: [], texts: service.texts, root: "/", writing.context)
    for (name, value) in environment.secret { data[ConfigKey.variable(name)] = value.bytes }
    for (name, bytes) in data where String(validating: bytes, as: UTF8.self) == nil {
      throw ActionFailure(
        "the secret in `\(name.dropFirst("env.".count))` holds bytes that no variable of a container can hold: use `type: file`"
      )
    }
    for file in service.configFiles where file.holdsSecrets {
      data[ConfigKey.file(file)] =
        try writing.context.fillingSecrets(of: file.content, fill: service.texts.fill).bytes
    }
    var alone = service
    alone.configFiles = []
    for file in try writing.context.files(of: alone, service.texts) {
      data[ConfigKey.secret(at: file.path)] = file.content
    }
    guard !data.isEmpty else { return }
    let name = writing.names.config(of: service.name, digest: try digest(data, "secrets"))
    names.secrets = name
    objects.append(secret(named: name, data, "Opaque"))
  }

  private mutating func addCredentials() throws(ActionFailure) {
    let registries = service.secrets.filter { $0.type == .registry }
    guard !registries.isEmpty else { return }
    var hosts: JSON = [:]
    for use in registries {
      let value = try writing.context.secret(use.key)
      let credentials: RegistryCredentials
      do {
        credentials = try RegistryCredentials(value)
      } catch {
        throw ActionFailure("the secret `\(use.key)` can't be handed over: \(error.message)")
      }
      let pair = Array("\(credentials.username):\(credentials.password)".utf8)
      hosts[use.as] = [
        "username": .string(credentials.username), "password": .string(credentials.password),
        "auth": .string(Base64.encode(pair)),
      ]
    }
    let bytes = Array((["auths": hosts] as JSON).text.utf8)
    let data = [Self.credentialsKey: bytes]
    let name = writing.names.registry(of: service.name, digest: try digest(data, "registry"))
    names.registry = name
    objects.append(secret(named: name, data, "kubernetes.io/dockerconfigjson"))
  }

  private static let credentialsKey = ".dockerconfigjson"

  private func secret(named name: String, _ data: [String: [UInt8]], _ type: String) -> KubernetesObject {
    var object = writing.object(.secrets, named: name, .config)
    object["type"] = .string(type)
    object["immutable"] = true
    object["data"] = .texts(data.mapValues { Base64.encode($0) })
    return object
  }

  /// What an object is called by: the same as long as it holds the same. What is not secret needs no key.
  private func digest(_ data: [String: [UInt8]], _ what: String) throws(ActionFailure) -> String {
    guard let key = what == "files" ? [] : writing.digestKey else {
      throw ActionFailure("the target has no key for digests of what is secret")
    }
    var bytes: [UInt8] = []
    for (name, content) in data.sorted(by: { $0.key < $1.key }) {
      bytes += Array("\(name) \(content.count)\n".utf8) + content
    }
    let text = SecretDigest.text(of: bytes, named: "\(service.name).\(what)", digestKey: key)
    return String(text.split(separator: ":").last?.prefix(16) ?? "")
  }
}
