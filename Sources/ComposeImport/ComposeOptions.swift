import WorkloadSpec

/// What an import depends on besides the files.
public struct ComposeOptions: Sendable {
  /// The name of the project; without one, what compose would take: the environment's, the file's or the folder's.
  public var name: String?
  /// The profiles whose services are taken; `*` is all. Without any, those of `COMPOSE_PROFILES`.
  public var profiles: [String] = []
  /// Services that are to be the main one of their workload.
  public var mains: [String] = []
  /// Whether every long-running service becomes a workload of its own.
  public var splits = false
  /// Whether variables are filled in instead of becoming variables of the specs.
  public var resolvesVariables = false
  /// Whether anything that has no equivalent is an error.
  public var isStrict = false
  /// Environment files; without any, those of `COMPOSE_ENV_FILES`, else each `.env` of the working folder and beside
  /// the first compose file.
  public var environmentFiles: [String] = []
  /// The environment of the process.
  public var environment: [String: String] = [:]
  /// The absolute path of the working folder.
  public var workingFolder = "/"
  /// The folder that the specs are written to, as seen from the working folder; empty for that itself.
  public var outputFolder = ""

  /// Folders that files may lie in which compose files name, besides the git repository or the folder of the first
  /// compose file.
  public var allowedFolders: [String] = []

  /// What engines declare for `on`, which the specs are checked against.
  public var engines: [EngineFields] = []

  /// Options with nothing chosen.
  public init() {}
}
