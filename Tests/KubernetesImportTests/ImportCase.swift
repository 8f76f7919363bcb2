import DockerProvider
import Foundation
import KubernetesImport
import KubernetesProvider
import SpecImport
import WorkloadSpec

/// One case of `Cases`: `NAME.manifests.yaml`. Beside it lie the specs that are expected, if there are any, and the
/// messages.
///
/// A first line `# options: …` gives options as the command has them.
struct ImportCase: CustomStringConvertible, Sendable {
  let description: String
  private let options: KubernetesOptions

  /// The folder of the cases, as seen from the root of the package, in which tests run.
  static let root = "Tests/KubernetesImportTests/Cases"
  private static let suffix = ".manifests.yaml"

  /// All cases, ordered by name.
  static let all: [ImportCase] = {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: root)) ?? []
    return names.sorted().filter { $0.hasSuffix(suffix) }.map {
      ImportCase(String($0.dropLast(suffix.count)))
    }
  }()

  private init(_ name: String) {
    description = name
    var options = KubernetesOptions()
    options.engines = [DockerFields.all, KubernetesFields.all]
    let text = (try? String(contentsOfFile: "\(Self.root)/\(name)\(Self.suffix)", encoding: .utf8)) ?? ""
    let first = text.prefix { $0 != "\n" }
    let words =
      first.hasPrefix("# options: ") ? first.dropFirst(11).split(separator: " ").map(String.init) : []
    for (index, word) in words.enumerated() {
      switch word {
      case "--main": options.mains.append(words[index + 1])
      case "--network": options.network = words[index + 1]
      case "--strict": options.isStrict = true
      case "--for": options.staysOnKubernetes = words[index + 1] == "kubernetes"
      default: break
      }
    }
    self.options = options
  }

  /// What importing the case gives.
  func run() -> ImportResult {
    KubernetesImporter.run(["\(Self.root)/\(description)\(Self.suffix)"], options: options)
  }

  /// The diagnostics, a line each.
  func messages(of result: ImportResult) -> String {
    result.diagnostics.map { item in
      let place = item.location.map { "\(shortened($0.file.name)):\($0.line):\($0.column)" } ?? "-"
      return "\(item.code.rawValue) \(place) \(shortened(item.message))\n"
    }.joined()
  }

  /// The specs, without where the cases lie.
  func text(of result: ImportResult) -> String { shortened(result.text) }

  private func shortened(_ text: String) -> String {
    text.replacingOccurrences(of: Self.root + "/", with: "")
  }

  // MARK: What is expected

  /// Where the expected specs lie.
  var specPath: String { "\(Self.root)/\(description).yaml" }
  /// Where the expected messages lie.
  var messagesPath: String { "\(Self.root)/\(description).txt" }
}
