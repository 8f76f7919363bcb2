import Diagnostics
import Foundation
import Values
import YAMLNodes

@testable import KubernetesAPI

/// The Roles that docs/kubernetes.md states.
enum DocumentedRoles {
  struct Missing: Error {}

  /// The rules of a Role, as the page has them.
  static func rules(of name: String) throws -> JSON {
    let page = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "../../../docs/kubernetes.md").standardized
    let blocks = try String(contentsOf: page, encoding: .utf8).components(separatedBy: "```yaml\n")
      .dropFirst()
    for block in blocks {
      let text = block.components(separatedBy: "```")[0]
      var diagnostics = Diagnostics()
      let tree = YAMLReader.read(SourceFile(name: page.path, bytes: Array(text.utf8)), into: &diagnostics)
      guard let role = tree.documents.first.map({ Value($0) }) else { throw Missing() }
      guard role["kind"]?.string == "Role", role["metadata"]?["name"]?.string == name else { continue }
      return try JSON(parsing: CanonicalJSON.line(role["rules"] ?? .null))
    }
    throw Missing()
  }
}
