import ComposeImport
import Diagnostics
import DockerProvider
import Foundation
import SpecImport
import WorkloadSpec

/// One case of `Cases`: a compose file, or a folder with one and what it needs. Beside it lie the specs that are
/// expected, if there are any, and the messages.
///
/// A first line `# options: …` gives options as the command has them, `--file NAME` for a later file of the
/// folder, and `--env NAME=VALUE` for the environment.
struct ImportCase: CustomStringConvertible, Sendable {
  let description: String
  /// The paths of the compose files, as seen from the package.
  private let paths: [String]
  private let options: ComposeOptions
  private let folder: String

  /// The folder of the cases, as seen from the root of the package, in which tests run.
  static let root = "Tests/ComposeImportTests/Cases"

  /// All cases, ordered by name.
  static let all: [ImportCase] = {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: root)) ?? []
    return names.sorted().compactMap { name in
      if name.hasSuffix(".compose.yaml") {
        return ImportCase(String(name.dropLast(13)), folder: root, file: name)
      }
      return name.contains(".") ? nil : ImportCase(name, folder: "\(root)/\(name)", file: "compose.yaml")
    }
  }()

  private init(_ name: String, folder: String, file: String) {
    description = name
    self.folder = folder
    let text = (try? String(contentsOfFile: "\(folder)/\(file)", encoding: .utf8)) ?? ""
    let first = text.prefix { $0 != "\n" }
    let words =
      first.hasPrefix("# options: ") ? first.dropFirst(11).split(separator: " ").map(String.init) : []
    var options = ComposeOptions()
    options.name = "app"
    options.engines = [DockerFields.all]
    options.workingFolder = FileManager.default.currentDirectoryPath
    options.outputFolder = folder
    var paths = ["\(folder)/\(file)"]
    for (index, word) in words.enumerated() {
      let value = index + 1 < words.count ? words[index + 1] : ""
      switch word {
      case "--split": options.splits = true
      case "--resolve": options.resolvesVariables = true
      case "--strict": options.isStrict = true
      case "--profile": options.profiles.append(value)
      case "--main": options.mains.append(value)
      case "--name": options.name = value == "-" ? nil : value
      case "--file": paths.append("\(folder)/\(value)")
      case "--env-file": options.environmentFiles.append("\(folder)/\(value)")
      case "--env":
        let parts = value.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        options.environment[String(parts[0])] = String(parts[1])
      default: break
      }
    }
    self.options = options
    self.paths = paths
  }

  /// What importing the case gives.
  func run() -> ImportResult { ComposeImporter.run(paths, options: options) }

  /// What importing it gives with or without `--split`.
  func run(splits: Bool) -> ImportResult {
    var options = options
    options.splits = splits
    return ComposeImporter.run(paths, options: options)
  }

  /// The diagnostics, a line each.
  func messages(of result: ImportResult) -> String {
    let lines = result.diagnostics.map { item in
      let place = item.location.map { "\(shortened($0.file.name)):\($0.line):\($0.column)" } ?? "-"
      return "\(item.code.rawValue) \(place) \(shortened(item.message))\n"
    }
    return lines.joined()
  }

  /// The specs, without where the cases lie.
  func text(of result: ImportResult) -> String { shortened(result.text) }

  /// Reads the specs as a later command would, with a value for every variable that needs one.
  func load(_ result: ImportResult) -> LoadResult {
    var load = LoadOptions(engines: [DockerFields.all])
    let required = result.text.split(separator: "  - name: ").filter { $0.contains("required: true") }
    for part in required { load.environment["BERTH_VAR_\(part.prefix { $0 != "\n" })"] = "1" }
    return WorkloadLoader.load(
      layers: [result.workloads.map { SourceFile(name: "\(folder)/\($0.name).yaml", text: $0.text) }],
      options: load)
  }

  private func shortened(_ text: String) -> String {
    text.replacingOccurrences(of: folder + "/", with: "").replacingOccurrences(of: Self.root + "/", with: "")
  }

  // MARK: What is expected

  /// Where the expected specs lie.
  var specPath: String { "\(Self.root)/\(description).yaml" }
  /// Where the expected messages lie.
  var messagesPath: String { "\(Self.root)/\(description).txt" }
}
