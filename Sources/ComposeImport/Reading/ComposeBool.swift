/// Truth values as compose reads them.
enum ComposeBool {
  /// What a text says; `nil` if it says neither.
  static func value(_ text: String) -> Bool? {
    switch text.lowercased() {
    case "true", "yes", "y", "on": true
    case "false", "no", "n", "off": false
    default: nil
    }
  }

  /// Whether a node says yes.
  static func isTrue(_ node: ComposeNode) -> Bool { node.text.flatMap { value($0.resolved) } ?? false }
}
