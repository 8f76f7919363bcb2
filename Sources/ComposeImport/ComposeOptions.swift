import WorkloadSpec

/// What an import depends on besides the files.
package struct ComposeOptions: Sendable {
  /// The name of the project; without one, what compose would take: the environment's, the file's or the folder's.
  package var name: String?
  /// The profiles whose services are taken; `*` is all. Without any, those of `COMPOSE_PROFILES`.
  package var profiles: [String] = []
  /// Services that are to be the main one of their workload.
  package var mains: [String] = []
  /// Whether every long-running service becomes a workload of its own.
  package var splits = false
  /// Whether variables are filled in instead of becoming variables of the specs.
  package var resolvesVariables = false
  /// Whether anything that has no equivalent is an error.
  package var isStrict = false
  /// Environment files; without any, those of `COMPOSE_ENV_FILES`, else each `.env` of the working folder and beside
  /// the first compose file.
  package var environmentFiles: [String] = []
  /// The environment of the process.
  package var environment: [String: String] = [:]
  /// The absolute path of the working folder.
  package var workingFolder = "/"
  /// The folder that the specs are written to, as seen from the working folder; empty for that itself.
  package var outputFolder = ""

  /// Folders that files may lie in which compose files name, besides the git repository or the folder of the first
  /// compose file.
  package var allowedFolders: [String] = []

  /// What engines declare for `on`, which the specs are checked against.
  package var engines: [EngineFields] = []

  /// Options with nothing chosen.
  package init() {}
}
