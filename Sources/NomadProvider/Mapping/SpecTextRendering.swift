import ProviderKit
import Values
import WorkloadSpec

extension SpecText {
  // MARK: In a driver's options

  /// As an option of a driver has it, which clients read as a template of HCL; `nil` if that can't tell what stands in it.
  var option: String? {
    var text = ""
    for part in parts {
      switch part {
      case .text(let plain): text += Self.escapeOption(plain)
      case .variable(let name): text += "${\(name)}"
      case .secret, .neighbour: return nil
      }
    }
    return text
  }

  /// A text that is left as it is once a client has read it as a template of HCL.
  static func escapeOption(_ text: String) -> String {
    text.replacing("${", with: "$${").replacing("%{", with: "%%{")
  }

  /// What ``escapeOption(_:)`` was given.
  static func unescapeOption(_ text: String) -> String {
    text.replacing("$${", with: "${").replacing("%%{", with: "%{")
  }

  // MARK: In a variable

  /// As a variable of the task has it; `nil` if that can't be, since something stands in it that only a template tells, or that
  /// a client could fill in although the spec does not mean it.
  var variable: String? {
    var text = ""
    for part in parts {
      switch part {
      case .text(let plain):
        if plain.contains("${") { return nil }
        text += plain
      case .variable(let name): text += "${\(name)}"
      case .secret, .neighbour: return nil
      }
    }
    return text
  }

  // MARK: In a template

  /// As a template has it that a client renders.
  func template(_ sources: TemplateSources) -> String {
    var body = ""
    for (index, part) in parts.enumerated() {
      switch part {
      case .text(let plain): body += Self.escapeTemplate(plain)
      case .variable(let name): body += "{{ \(Self.look(up: name)) }}"
      case .secret(let key): body += sources.secret(key).map { "{{ \($0) }}" } ?? sources.open(key)
      case .neighbour(let reference): body += sources.lookUp(reference, as: index) + "{{ $n\(index) }}"
      }
    }
    return body
  }

  /// As a line of a template has it that is read as variables: a text in quotes, whatever stands in it.
  func line(_ name: String, _ sources: TemplateSources) -> String {
    var (prelude, values) = ("", [String]())
    for (index, part) in parts.enumerated() {
      switch part {
      case .text(let plain): values.append(TemplateSources.quoted(plain))
      case .variable(let name): values.append("(\(Self.look(up: name)))")
      case .secret(let key):
        values.append(sources.secret(key).map { "(\($0))" } ?? sources.quotedValue(key))
      case .neighbour(let reference):
        prelude += sources.lookUp(reference, as: index)
        values.append("$n\(index)")
      }
    }
    if values.isEmpty { values = ["\"\""] }
    let format = TemplateSources.quoted(String(repeating: "%s", count: values.count))
    return "\(prelude)\(name)={{ printf \(format) \(values.joined(separator: " ")) | toJSON }}\n"
  }

  /// The expression for what a client fills in.
  private static func look(up name: String) -> String {
    "env \(TemplateSources.quoted(name == nodeAddress ? nodeVariable : name))"
  }

  /// A text that is left as it is once a client has rendered it.
  static func escapeTemplate(_ text: String) -> String { text.replacing("{{", with: "{{ \"{{\" }}") }
}
