import Diagnostics
import YAMLNodes

/// The lines of files on which values of Secrets stand. No message shows them.
struct SecretLines {
  private var lines: [ObjectIdentifier: Set<Int>] = [:]

  init(_ set: ManifestSet) {
    for secret in set.all("Secret") {
      for section in ["data", "stringData"] {
        guard let values = secret.node[section] else { continue }
        add(values)
      }
    }
  }

  private mutating func add(_ node: Node) {
    for (_, value) in node.members { add(value) }
    for element in node.elements { add(element) }
    guard node.kind == .scalar else { return }
    let place = node.location
    let count = node.text.split(separator: "\n", omittingEmptySubsequences: false).count
    lines[ObjectIdentifier(place.file), default: []].formUnion(place.line...place.line + count)
  }

  /// A diagnostic that shows no such line: it names the place in its words.
  func hiding(_ diagnostic: Diagnostic) -> Diagnostic {
    let related = diagnostic.related.filter { !holds($0.location) }
    guard let place = diagnostic.location, holds(place) else {
      guard related.count < diagnostic.related.count else { return diagnostic }
      return Diagnostic(
        diagnostic.code, diagnostic.message, at: diagnostic.location, help: diagnostic.help, related: related)
    }
    return Diagnostic(
      diagnostic.code, "\(diagnostic.message) (\(place.file.name):\(place.line))", help: diagnostic.help,
      related: related)
  }

  private func holds(_ place: SourceLocation) -> Bool {
    lines[ObjectIdentifier(place.file)]?.contains(place.line) ?? false
  }
}
