import WorkloadSpec

/// What compose files say together: included, extended, merged and interpolated.
struct ComposeProject: Sendable {
  /// The name, as compose would have it.
  let name: String
  /// The name of the first file.
  let fileName: String
  /// The services in the order in which they are written.
  let services: ComposeSection
  let volumes: ComposeSection
  let networks: ComposeSection
  let configs: ComposeSection
  let secrets: ComposeSection
  /// What the environment files of the project say.
  let variables: [String: String]
  /// The folders that files lie in which the project may name.
  let allowedFolders: [String]
  /// Variables that compose itself gives a value.
  let constants: [String: String]

  init(name: String, root: ComposeNode, scope: VariableScope, allowedFolders: [String]) {
    self.name = name
    self.allowedFolders = allowedFolders
    variables = scope.files
    constants = scope.constants
    fileName = root.location.file.name
    services = ComposeSection(root["services"])
    volumes = ComposeSection(root["volumes"])
    networks = ComposeSection(root["networks"])
    configs = ComposeSection(root["configs"])
    secrets = ComposeSection(root["secrets"])
  }
}

/// What is declared under one of the keys at the top.
struct ComposeSection: Sendable {
  /// The declarations in their order.
  let entries: [ComposeEntry]
  private let byName: [String: ComposeNode]

  init(_ node: ComposeNode?) {
    entries = node?.entries ?? []
    byName = Dictionary(entries.map { ($0.key, $0.value) }) { first, _ in first }
  }

  /// What is declared under a name.
  subscript(name: String) -> ComposeNode? { byName[name] }

  /// The names in their order.
  var names: [String] { entries.map(\.key) }
}
