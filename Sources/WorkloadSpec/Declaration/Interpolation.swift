import Diagnostics
import Secrets
import Values
import YAMLNodes

/// What `${…}` stands for in a text of the language.
///
/// `${var.NAME}` is a variable, `$${` is a `${` as it is, and `${root}` is left for the provider, as addresses are
/// where those may stand (``AddressReference``). Where secrets may stand, `${secret.KEY}` is one, and a variable that is
/// a secret becomes that: see ``SecretText``.
public struct Interpolation: Sendable {
  /// The values of the declared variables. A variable that has none, because that was reported already, is
  /// `nil`.
  public private(set) var variables: [String: String?]
  /// The declared variables that are secrets: their value is a reference.
  public let secrets: Set<String>
  /// The declared variables that are whole numbers or truth values.
  let typed: Set<String>
  /// What the names in ``DefaultText/names`` stand for, in the default of a variable; `nil` in every other text. A name
  /// whose text is not known, because that was reported already, has none.
  private var names: [String: String]?
  /// The variables that were used.
  public private(set) var used: Set<String> = []
  /// Whether a variable without a value was used, so that a text is missing that nothing was said about.
  private(set) var hasGaps = false
  private var filledBytes = 0

  /// Interpolates with these values.
  ///
  /// - Parameter typed: the variables that are whole numbers or truth values.
  init(variables: [String: String?], secrets: Set<String> = [], typed: Set<String> = []) {
    self.variables = variables
    self.secrets = secrets
    self.typed = typed
  }

  /// Gives a variable its value.
  mutating func set(_ name: String, to value: String?) { variables[name] = .some(value) }

  /// Fills in the default of a variable (``DefaultText``), as ``expand(_:takesSecrets:takesAddresses:at:reportingTo:)`` does a text.
  ///
  /// - Parameter names: what the names in ``DefaultText/names`` stand for.
  /// - Returns: the text, and the variables that it uses.
  mutating func expand(
    default text: String, _ names: [String: String], at node: Node, reportingTo diagnostics: inout Diagnostics
  ) -> (text: String?, used: Set<String>) {
    self.names = names
    defer { (self.names, used, hasGaps) = (nil, [], false) }
    let filled = expand(
      DefaultText.text(text), takesSecrets: false, takesAddresses: true, at: node, reportingTo: &diagnostics)
    return (filled, used)
  }

  /// Whether a text, as it is written, is nothing but a variable that is a whole number or a truth value.
  func isTyped(_ text: String) -> Bool {
    text.hasPrefix("${var.") && text.hasSuffix("}") && typed.contains(String(text.dropFirst(6).dropLast()))
  }

  /// Fills in what only the provider knows, in a text that was interpolated already.
  ///
  /// - Parameter value: what a name stands for that the provider fills in; `nil` leaves it as it is.
  public static func fill(_ text: String, _ value: (String) -> String?) -> String {
    guard text.hasByte(dollar) else { return text }
    let bytes = Array(text.utf8)
    var result: [UInt8] = []
    result.reserveCapacity(bytes.count)
    var position = 0
    while position < bytes.count {
      let rest = bytes[position...]
      let isEscaped = rest.starts(with: [dollar, dollar, openBrace])
      let opening = isEscaped ? 3 : 2
      guard isEscaped || rest.starts(with: [dollar, openBrace]),
        let name = providerName(rest.dropFirst(opening))
      else {
        result.append(bytes[position])
        position += 1
        continue
      }
      result += Array((isEscaped ? "${\(name)}" : value(name) ?? "${\(name)}").utf8)
      position += opening + name.utf8.count + 1
    }
    return String(decoding: result, as: UTF8.self)
  }

  /// Fills in the root folder alone.
  public static func fill(_ text: String, root: String) -> String {
    fill(text) { $0 == rootName ? root : nil }
  }

  /// A text in which nothing is filled in when it is handed to a service, in the form that says so.
  ///
  /// - Parameter takesSecrets: whether secrets may stand in the text.
  public static func escapeForProvider(_ text: String, takesSecrets: Bool = true) -> String {
    let bytes = Array(text.utf8)
    guard bytes.contains(dollar) else { return text }
    var result: [UInt8] = []
    for (index, byte) in bytes.enumerated() {
      let rest = bytes[index...]
      if rest.starts(with: [dollar, openBrace]), isProviderName(rest.dropFirst(2)) { result.append(dollar) }
      result.append(byte)
    }
    let escaped = String(decoding: result, as: UTF8.self)
    return takesSecrets ? SecretText.escape(escaped) : escaped
  }

  /// The text that stands for a text when it is read.
  static func escape(_ text: String, takesSecrets: Bool) -> String {
    let bytes = Array(text.utf8)
    guard bytes.contains(dollar) else { return text }
    var result: [UInt8] = []
    for (index, byte) in bytes.enumerated() {
      let rest = bytes[index...]
      // What is filled in later, or is not to be filled in later, stays as it is.
      if rest.starts(with: [dollar, openBrace]), !isProviderName(rest.dropFirst(2)),
        !(takesSecrets && rest.starts(with: SecretText.opening))
      {
        result.append(dollar)
      }
      result.append(byte)
    }
    return String(decoding: result, as: UTF8.self)
  }

  /// Fills in a text; what can't be filled in is reported, and makes the result `nil`.
  ///
  /// - Parameters:
  ///   - takesSecrets: whether secrets may stand in the text.
  ///   - takesAddresses: whether addresses may stand in the text.
  mutating func expand(
    _ text: String, takesSecrets: Bool, takesAddresses: Bool, at node: Node,
    reportingTo diagnostics: inout Diagnostics
  ) -> String? {
    let bytes = Array(text.utf8)
    var result: [UInt8] = []
    result.reserveCapacity(bytes.count)
    // With secrets in it, what was put together so far; `result` is then what follows the last secret.
    var finished = ""
    var position = 0
    while position < bytes.count {
      guard bytes[position] == Self.dollar else {
        result.append(bytes[position])
        position += 1
        continue
      }
      let rest = bytes[position...]
      if rest.starts(with: [Self.dollar, Self.dollar, Self.openBrace]) {
        // An escaped name of the provider stays escaped: it is the provider that fills those in.
        result.append(contentsOf: rest.prefix(3).dropFirst(Self.isProviderName(rest.dropFirst(3)) ? 0 : 1))
        position += 3
      } else if rest.starts(with: [Self.dollar, Self.openBrace]) {
        guard let close = rest.firstIndex(of: Self.closeBrace) else {
          diagnostics.report(
            .badInterpolation, "`${` is never closed", at: node.location,
            help: "add a `}`, or write `$${` if a `${` is meant")
          return nil
        }
        let name = String(decoding: bytes[position + 2..<close], as: UTF8.self)
        position = close + 1
        guard
          let filling = filling(
            for: name, takesSecrets: takesSecrets, takesAddresses: takesAddresses, at: node,
            reportingTo: &diagnostics)
        else { return nil }
        switch filling {
        case .text(let value):
          // What variables fill in never adds up to a reference, nor undoes one.
          if value.utf8.last == Self.dollar, Self.completesProviderName(bytes[position...]) {
            diagnostics.report(
              .badInterpolation, "`${\(name)}` ends with a `$`, which can't stand right before a `{`",
              at: node.location, help: "put something between the two, or make the `$` part of the text")
            return nil
          }
          filledBytes += value.utf8.count
          guard filledBytes <= Self.maximumFilledBytes else {
            diagnostics.report(
              .badInterpolation,
              "the variables of this document fill in more than \(Self.maximumFilledBytes >> 20) MiB",
              at: node.location, help: "hand large texts over in a file")
            return nil
          }
          result.append(contentsOf: value.utf8)
        case .secret(let key):
          guard result.last != Self.dollar else {
            diagnostics.report(
              .badInterpolation, "a `$` can't stand right before a secret", at: node.location,
              help: "put something between the two, or make the `$` part of the secret")
            return nil
          }
          // Only what stands here as a secret is one: texts that variables fill in never add up to one.
          finished += SecretText.escape(String(decoding: result, as: UTF8.self))
          finished += SecretText.reference(to: key)
          result = []
        }
      } else {
        result.append(Self.dollar)
        position += 1
      }
    }
    let text = String(decoding: result, as: UTF8.self)
    return takesSecrets ? finished + SecretText.escape(text) : text
  }

  /// Whether a `$` before a text would make a reference of what it begins with, or undo one.
  private static func completesProviderName(_ rest: ArraySlice<UInt8>) -> Bool {
    if rest.starts(with: [dollar, openBrace]) { return isProviderName(rest.dropFirst(2)) }
    return rest.starts(with: [openBrace]) && isProviderName(rest.dropFirst())
  }

  /// Whether a name that a provider fills in stands at the start, with its closing brace.
  static func isProviderName(_ bytes: ArraySlice<UInt8>) -> Bool { providerName(bytes) != nil }

  /// The name of the root folder or of an address, if one stands at the start, with its closing brace.
  private static func providerName(_ bytes: ArraySlice<UInt8>) -> String? {
    // No farther: a text may have many braces that are never closed.
    guard let close = bytes.prefix(longestProviderName + 1).firstIndex(of: closeBrace) else { return nil }
    let name = String(decoding: bytes[..<close], as: UTF8.self)
    return name == rootName || AddressReference(name) != nil ? name : nil
  }

  /// What stands for the root folder of a service.
  public static let rootName = "root"
  /// Two names of 63 letters and what is around them.
  private static let longestProviderName = 160
  /// How much text the variables of a document may fill in: 64 MiB.
  private static let maximumFilledBytes = 64 << 20
  private static let dollar = UInt8(ascii: "$")
  private static let openBrace = UInt8(ascii: "{")
  private static let closeBrace = UInt8(ascii: "}")

  /// What stands in the place of a name, with what is a secret told apart from what is none.
  private mutating func filling(
    for name: String, takesSecrets: Bool, takesAddresses: Bool, at node: Node,
    reportingTo diagnostics: inout Diagnostics
  ) -> SecretText.Part? {
    if name == Self.rootName { return .text("${\(name)}") }
    if AddressReference.isMeant(by: name) {
      return address(name, isTaken: takesAddresses, at: node, reportingTo: &diagnostics).map { .text($0) }
    }
    if let names, DefaultText.names.contains(name) {
      guard let text = names[name] else {
        hasGaps = true
        return nil
      }
      return .text(text)
    }
    if name.hasPrefix("secret.") {
      let key = String(name.dropFirst(7))
      guard takesSecrets else {
        Self.reportSecret("`${\(name)}`", at: node, to: &diagnostics)
        return nil
      }
      guard SecretKey.isValid(key) else {
        diagnostics.report(
          .badSecretKey, "`${secret.…}` does not hold a reference to a secret", at: node.location,
          help: SecretKey.help)
        return nil
      }
      return .secret(key)
    }
    guard name.hasPrefix("var.") else {
      diagnostics.report(
        .badInterpolation, "`${\(name)}` stands for nothing", at: node.location,
        help: help(forUnknown: name))
      return nil
    }
    let variable = String(name.dropFirst(4))
    guard let value = variables[variable] else {
      diagnostics.report(
        .undefinedVariable, "the variable `\(variable)` is not declared", at: node.location,
        help: Suggestion.help(for: variable, among: variables.keys.sorted()) ?? "declare it under `variables`"
      )
      return nil
    }
    let isSecret = secrets.contains(variable)
    if isSecret, !takesSecrets {
      Self.reportSecret("the variable `\(variable)`", at: node, to: &diagnostics)
      return nil
    }
    used.insert(variable)
    guard let value else {
      hasGaps = true
      return nil
    }
    if !takesAddresses, let reference = AddressReference.all(in: value).first {
      return address(reference.name, isTaken: false, at: node, reportingTo: &diagnostics).map { .text($0) }
    }
    return isSecret ? .secret(value) : .text(value)
  }

  /// A reference to an address, as it is left for the provider.
  private func address(
    _ name: String, isTaken: Bool, at node: Node, reportingTo diagnostics: inout Diagnostics
  ) -> String? {
    guard AddressReference(name) != nil else {
      diagnostics.report(
        .badInterpolation, "`${\(name)}` is not an address of one port of a service", at: node.location,
        help: AddressReference.help + ", or `$${\(name)}` if that text is meant")
      return nil
    }
    guard isTaken else {
      diagnostics.report(
        .badInterpolation,
        "`${\(name)}` is an address, which may stand in `command`, `args`, `env`, the content of config files and the command of a health check only",
        at: node.location, help: "write `$${\(name)}` if that text is meant")
      return nil
    }
    return "${\(name)}"
  }

  private func help(forUnknown name: String) -> String {
    if variables[name] != nil { return "a variable is written `${var.\(name)}`" }
    if DefaultText.names.contains(name) {
      return "it may stand in the default of a variable: declare one, and write `${var.NAME}` here"
    }
    return "write `${var.NAME}` for a variable, or `$${\(name)}` if that text is meant"
  }

  private static func reportSecret(_ name: String, at node: Node, to diagnostics: inout Diagnostics) {
    diagnostics.report(
      .badInterpolation,
      "\(name) is a secret, which may stand in environment variables and in the content of config files only",
      at: node.location, help: "list it under `secrets`, which hands it over when the service starts")
  }
}
