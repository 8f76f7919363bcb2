import Diagnostics

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

  /// Where the workloads are for. It is asked for only if a variable's default says `${target}` or `${namespace}`, and
  /// what it throws is reported as what is wrong with the workload.
  public var destination: @Sendable () throws(DiagnosticError) -> Destination

  /// Where workloads are for.
  public struct Destination: Sendable {
    /// The name of the target.
    public var target: String
    /// The namespace that `${namespace}` stands for.
    public var namespace: String

    /// A namespace of a target.
    public init(target: String = "local", namespace: String = "default") {
      self.target = target
      self.namespace = namespace
    }
  }

  /// Options; by default no variable is given a value, and there is no engine that declares anything.
  public init(
    variables: [String: String] = [:], variableFiles: [String] = [], environment: [String: String] = [:],
    allowedFolders: [String] = [], engines: [EngineFields] = [],
    destination: @escaping @Sendable () throws(DiagnosticError) -> Destination = { Destination() }
  ) {
    self.variables = variables
    self.variableFiles = variableFiles
    self.environment = environment
    self.allowedFolders = allowedFolders
    self.engines = engines
    self.destination = destination
  }
}
