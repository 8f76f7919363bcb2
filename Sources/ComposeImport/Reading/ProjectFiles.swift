import Diagnostics
import UserFiles
import WorkloadSpec

/// The files that a project is made of, with the variables of its environment files: those that are named, else those
/// that compose's own variables name, else what is found in the working folder or the nearest one above it.
package struct ProjectFiles: Sendable {
  /// The compose files, each merged over the earlier ones; none if there is none to be found.
  package private(set) var paths: [String]
  /// Whether the user names them, or the search for the usual names found them, and no file names them.
  let isTyped: Bool
  /// The profiles whose services are taken.
  let profiles: [String]
  /// What the environment files of the project say.
  let variables: [String: String]
  /// What could not be read, and what was chosen.
  private(set) var diagnostics: Diagnostics
  /// Reads the files; what it read once, such as standard input, can't be read again.
  private(set) var files: FileReader

  /// Finds the files.
  ///
  /// - Parameter paths: files, or `-` for standard input; without any, compose's own search decides.
  package init(_ paths: [String], options: ComposeOptions) {
    var search = ProjectSearch(options)
    search.run(paths)
    self.paths = search.paths
    isTyped = search.isTyped
    profiles = search.profiles
    variables = search.variables
    diagnostics = search.diagnostics
    files = search.files
  }

  /// The folder of the project: that of the first file.
  var folder: String { Self.folder(of: paths) }

  /// The folder of the first of some paths that is a file.
  static func folder(of paths: [String]) -> String {
    paths.first { $0 != "-" }.map { FilePath.folder(of: $0) } ?? ""
  }
}

/// Looks for the files of a project as compose does it.
///
/// The environment of the process comes first, then the `.env` of the working folder (or of the named files' folder),
/// then, once the compose files are known, the `.env` beside the first of them.
private struct ProjectSearch {
  private let options: ComposeOptions
  private(set) var paths: [String] = []
  private(set) var variables: [String: String] = [:]
  private(set) var isTyped = true
  private(set) var files: FileReader
  private(set) var diagnostics = Diagnostics()

  init(_ options: ComposeOptions) {
    self.options = options
    files = FileReader(allowing: options.allowedFolders)
  }

  mutating func run(_ named: [String]) {
    let environmentFiles =
      options.environmentFiles.isEmpty
      ? list(options.environment["COMPOSE_ENV_FILES"]) : options.environmentFiles
    let readsStandard = environmentFiles.isEmpty && !isStandardDisabled()
    add(environmentFiles, isTyped: true)
    let folder = ProjectFiles.folder(of: named)
    if readsStandard { addStandard(in: folder) }
    paths = named.isEmpty ? chosen() ?? found() : named
    let projectFolder = ProjectFiles.folder(of: paths)
    if readsStandard, projectFolder != folder { addStandard(in: projectFolder) }
    bound(to: projectFolder)
  }

  /// Keeps to a folder, or to the git repository around it; where a file has chosen the folder, to that file's own.
  private mutating func bound(to folder: String) {
    files.boundary = FileBoundary(around: isTyped ? folder : "", allowing: options.allowedFolders)
  }

  var profiles: [String] {
    options.profiles.isEmpty ? list(setting("COMPOSE_PROFILES")) : options.profiles
  }

  /// What one of compose's own variables says. These name files and services: they are no values that a spec could
  /// hold, so that the environment of the process counts for them always.
  private func setting(_ name: String) -> String? { options.environment[name] ?? variables[name] }

  private func list(_ text: String?) -> [String] {
    (text ?? "").split(separator: ",").map { $0.trimmingSpace() }.filter { !$0.isEmpty }
  }

  // MARK: Environment files

  private mutating func add(_ paths: [String], isTyped: Bool) {
    let scope = VariableScope(
      files: variables, environment: options.environment, fillsIn: options.resolvesVariables)
    let values = EnvironmentFile.values(of: paths, isTyped: isTyped, scope, &files, &diagnostics)
    variables.merge(values) { first, _ in first }
  }

  private mutating func addStandard(in folder: String) {
    let path = FilePath.resolve(".env", in: folder)
    guard ![.nothing, .folder].contains(FilePath.kind(of: path)) else { return }
    bound(to: folder)
    add([path], isTyped: false)
  }

  private mutating func isStandardDisabled() -> Bool {
    guard let text = options.environment["COMPOSE_DISABLE_ENV_FILE"] else { return false }
    if ["1", "t", "T", "true", "TRUE", "True"].contains(text) { return true }
    if !["0", "f", "F", "false", "FALSE", "False"].contains(text) {
      diagnostics.report(
        .composeSetting, "`COMPOSE_DISABLE_ENV_FILE` can't be `\(text)`", help: "set it to `true` or `false`")
    }
    return false
  }

  // MARK: Compose files

  /// The files that `COMPOSE_FILE` names.
  private mutating func chosen() -> [String]? {
    guard let text = setting("COMPOSE_FILE"), !text.isEmpty else { return nil }
    isTyped = options.environment["COMPOSE_FILE"] != nil
    let separator = setting("COMPOSE_PATH_SEPARATOR").flatMap { $0.isEmpty ? nil : $0 } ?? ":"
    return text.split(separator: separator, omittingEmptySubsequences: true).map(String.init)
  }

  /// The file with a usual name, and the one that is merged over it, in the working folder or above it.
  private mutating func found() -> [String] {
    var folder = ""
    for _ in 0...options.workingFolder.split(separator: "/").count {
      if let path = first(
        of: ["compose.yaml", "compose.yml", "docker-compose.yml", "docker-compose.yaml"], in: folder)
      {
        let overrides = [
          "compose.override.yml", "compose.override.yaml", "docker-compose.override.yml",
          "docker-compose.override.yaml",
        ]
        return [path] + [first(of: overrides, in: folder)].compactMap(\.self)
      }
      folder = folder.isEmpty ? ".." : folder + "/.."
    }
    return []
  }

  private mutating func first(of names: [String], in folder: String) -> String? {
    let found = names.map { FilePath.resolve($0, in: folder) }.filter { FilePath.kind(of: $0) != .nothing }
    if let first = found.first, found.count > 1 {
      diagnostics.report(
        .composeFileChosen,
        "`\(first)` is read, and \(found.dropFirst().map { "`\($0)`" }.joined(separator: ", ")) is not, as by compose",
        help: "name the file that is meant, or take the others away")
    }
    return found.first
  }
}

extension Substring {
  fileprivate func trimmingSpace() -> String {
    String(drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
  }
}
