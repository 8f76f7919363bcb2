import WorkloadSpec

/// Fills `$(NAME)` in texts in, as Kubernetes does it with the variables of a container.
struct VariableExpansion {
  /// What a variable holds.
  enum Variable: Hashable, Sendable {
    /// A text, in the form of a spec that secrets may stand in.
    case text(String)
    /// The secret with this key.
    case secret(String)
    /// What is known only where it runs.
    case unknown
  }

  /// The text with what is known filled in, in the form of a spec.
  private(set) var text = ""
  /// How much text one may become: 128 KiB, the most that Linux takes as one variable or argument.
  static let maximumSize = 128 << 10

  /// The variables that could not be filled in, as they are named in the text.
  private(set) var open: [String] = []

  /// Fills a text in.
  ///
  /// - Parameter takesSecrets: whether secrets may stand in the text; else a variable that holds one stays as it is.
  init(_ source: String, _ variables: [String: Variable], takesSecrets: Bool) {
    var rest = source[...]
    var plain = ""
    func literal(_ text: String) -> String {
      Interpolation.escapeForProvider(text, takesSecrets: takesSecrets)
    }
    func flush(_ into: inout String) {
      into += literal(plain)
      plain = ""
    }
    while let character = rest.popFirst() {
      guard character == "$" else {
        plain.append(character)
        continue
      }
      if rest.first == "$" {
        // Two of them are one.
        rest.removeFirst()
        plain.append("$")
        continue
      }
      guard rest.first == "(", let close = rest.firstIndex(of: ")") else {
        plain.append("$")
        continue
      }
      let name = String(rest[..<close].dropFirst())
      let whole = "$" + rest[...close]
      rest = rest[close...].dropFirst()
      switch variables[name] {
      case .text(let value)?:
        flush(&text)
        let filled = takesSecrets ? value : Self.plain(value)
        if let filled, text.utf8.count + filled.utf8.count <= Self.maximumSize {
          text += filled
        } else {
          open.append(name)
          text += whole
        }
      case .secret(let key)? where takesSecrets && !plain.hasSuffix("$"):
        flush(&text)
        text += SecretText.reference(to: key)
      case .secret?, .unknown?:
        open.append(name)
        plain += whole
      case nil:
        plain += whole
      }
    }
    flush(&text)
  }

  /// A value without its secrets' form, for texts that may hold none; `nil` if it holds one.
  private static func plain(_ value: String) -> String? {
    let parts = SecretText(value)
    return parts.keys.isEmpty ? parts.replacingSecrets(with: "") : nil
  }
}
