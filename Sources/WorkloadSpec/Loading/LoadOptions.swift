/// What reading workloads depends on, besides the files.
public struct LoadOptions: Sendable {
  /// Values of variables, by name: what `--var` says. They win over all others.
  public var variables: [String: String]
  /// Paths of YAML files that map names of variables to values; a later file wins over an earlier one.
  public var variableFiles: [String]
  /// The environment, in which `BERTH_VAR_name` is a value, unless the options or the files have one.
  public var environment: [String: String]

  /// Folders that a spec may take files from, besides the git repository or the folder that it lies in.
  public var allowedFolders: [String]

  /// What engines declare for `on`.
  public var engines: [EngineFields]

  /// Options; by default no variable is given a value, and there is no engine that declares anything.
  public init(
    variables: [String: String] = [:], variableFiles: [String] = [], environment: [String: String] = [:],
    allowedFolders: [String] = [], engines: [EngineFields] = []
  ) {
    self.variables = variables
    self.variableFiles = variableFiles
    self.environment = environment
    self.allowedFolders = allowedFolders
    self.engines = engines
  }
}
