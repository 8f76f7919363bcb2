import Foundation
import Values

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
      let role = try Value(json: text)
      guard role["kind"]?.string == "Role", role["metadata"]?["name"]?.string == name else { continue }
      return try JSON(parsing: Array(CanonicalJSON.compact(role["rules"] ?? .null).utf8))
    }
    throw Missing()
  }
}
