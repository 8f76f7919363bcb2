import Diagnostics
import Values

/// Something a field's value must satisfy, beyond its type.
public struct Rule<Subject: Sendable>: Sendable {
  /// The rule in words.
  public let description: RuleDescription
  let code: DiagnosticCode
  /// Everything that is wrong with a value.
  let problems: @Sendable (Subject) -> [RuleProblem]

  /// A rule that finds one problem at most.
  ///
  /// - Parameters:
  ///   - words: the rule in words, for the documentation: "between 1 and 65535".
  ///   - schema: the rule as keywords of JSON Schema, where it has them.
  ///   - code: what a problem is reported as.
  public init(
    _ words: String, schema: [Value.Member] = [], code: DiagnosticCode,
    problem: @escaping @Sendable (Subject) -> RuleProblem?
  ) {
    self.init(words, schema: schema, code: code) { problem($0).map { [$0] } ?? [] }
  }

  /// A rule that may find several problems.
  init(
    _ words: String, schema: [Value.Member] = [], code: DiagnosticCode,
    problems: @escaping @Sendable (Subject) -> [RuleProblem]
  ) {
    description = RuleDescription(words: words, schema: schema)
    self.code = code
    self.problems = problems
  }

  /// The first thing that is wrong with a value, or `nil` if nothing is.
  func problem(_ value: Subject) -> RuleProblem? { problems(value).first }
}

/// What is wrong with a value.
public struct RuleProblem: Sendable {
  /// What is wrong.
  public let message: String
  /// What to write instead.
  public var help: String?
  /// The key of the member that is to blame, if the value is a mapping.
  var key: String?
  /// What it is, if not what the rule usually reports.
  var code: DiagnosticCode?

  init(message: String, help: String?, key: String? = nil, code: DiagnosticCode? = nil) {
    self.message = message
    self.help = help
    self.key = key
    self.code = code
  }

  /// A problem with a value.
  ///
  /// - Parameters:
  ///   - message: what is wrong.
  ///   - help: what to write instead.
  ///   - key: the key of the member that is to blame, if the value is a mapping.
  public init(_ message: String, help: String, key: String? = nil) {
    self.init(message: message, help: help, key: key, code: nil)
  }

  /// Something that can't be handed to a process or an engine.
  static func nullCharacter(in subject: String, key: String? = nil) -> RuleProblem {
    RuleProblem(
      message: "\(subject) must not contain a null character", help: "delete it", key: key,
      code: .badCharacter)
  }
}

/// A rule without its Swift type.
public struct RuleDescription: Sendable {
  /// The rule in words: "between 1 and 65535".
  public let words: String
  /// The rule as keywords of JSON Schema, where it has them.
  public let schema: [Value.Member]
}

extension Rule where Subject == Int {
  /// Within a range.
  public static func range(_ range: ClosedRange<Int>) -> Rule {
    let bounded = range.upperBound != .max
    let words =
      bounded ? "between \(range.lowerBound) and \(range.upperBound)" : "\(range.lowerBound) or more"
    var schema: [Value.Member] = [.init("minimum", .int(Int64(range.lowerBound)))]
    if bounded { schema.append(.init("maximum", .int(Int64(range.upperBound)))) }
    return Rule(words, schema: schema, code: .outOfRange) { number in
      range.contains(number)
        ? nil : RuleProblem(message: "\(number) is out of range", help: "it must be \(words)")
    }
  }
}

extension Rule where Subject == String {
  private static var slash: UInt8 { UInt8(ascii: "/") }
  private static var dot: UInt8 { UInt8(ascii: ".") }

  /// A DNS label (RFC 1123): what every engine takes as a name.
  public static let dnsLabel = Rule(
    "a DNS label: at most 63 lower-case letters, digits and `-`, not at either end",
    schema: [.init("pattern", "^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$")], code: .badName
  ) { name in
    if DNSLabel.isValid(name) { return nil }
    let fixed = DNSLabel.nearest(to: name)
    let hint = fixed.map { "; `\($0)` would do" } ?? ""
    return RuleProblem(
      message: name.isEmpty ? "a name must not be empty" : "`\(name)` is not a usable name",
      help:
        "\(DNSLabel.help)\(hint)"
    )
  }

  /// A part of the name of an engine's object: names are joined by slashes, and printed.
  static let objectName = Rule(
    "visible ASCII characters without `/`", schema: [.init("pattern", "^[!-.0-~]+$")], code: .badName
  ) { text in
    let isName =
      !text.isEmpty && text.utf8.allSatisfy { (0x21...0x7E).contains($0) && $0 != UInt8(ascii: "/") }
    return isName
      ? nil
      : RuleProblem(
        message: "`\(text)` is no name of an object",
        help: "write visible ASCII characters without spaces and `/`, such as `settings`")
  }

  /// A text with at least one character.
  public static let notEmpty = Rule("not empty", schema: [.init("minLength", 1)], code: .emptyValue) { text in
    text.isEmpty ? RuleProblem(message: "this must not be empty", help: "write the text that is meant") : nil
  }

  /// An absolute path without `..`.
  public static let absolutePath = Rule(
    "an absolute path without `..`", schema: [.init("pattern", #"^(?!.*/\.\.(/|$))/.*[^/]"#)], code: .badPath
  ) { path in
    guard path.utf8.first == slash else {
      return RuleProblem(message: "`\(path)` is not an absolute path", help: "start it with `/`")
    }
    if path.hasByte(dot), path.contains(".."),
      path.utf8.split(separator: slash).contains(where: { $0.elementsEqual([dot, dot]) })
    {
      return RuleProblem(message: "`\(path)` leaves its folder", help: "write the path without `..`")
    }
    if path.utf8.allSatisfy({ $0 == slash || $0 == dot }) {
      return RuleProblem(message: "`\(path)` is the root folder itself", help: "name a path below it")
    }
    return path.hasByte(0) ? .nullCharacter(in: "a path") : nil
  }

  /// An absolute path of a file.
  static let filePath = Rule(
    "an absolute path of a file", schema: [.init("pattern", #"^(?!.*/\.\.(/|$))/.*[^/]$"#)], code: .badPath
  ) { path in
    if let problem = absolutePath.problem(path) { return problem }
    return path.utf8.last == slash
      ? RuleProblem(message: "`\(path)` is a folder", help: "add the name of the file") : nil
  }

  /// A path of an HTTP request.
  static let requestPath = Rule(
    "a path that starts with `/`", schema: [.init("pattern", "^/[!-~]*$")], code: .badPath
  ) { path in
    if path.utf8.first != slash {
      return RuleProblem(message: "`\(path)` is not a request path", help: "start it with `/`")
    }
    let isClean = path.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F }
    return isClean
      ? nil
      : RuleProblem(
        message: "a request path must not contain spaces or control characters", help: "escape them as `%20`")
  }

  /// A name of an environment variable.
  static let environmentName = Rule(
    "a name of an environment variable", schema: [.init("pattern", "^[A-Za-z_][A-Za-z0-9_.-]{0,254}$")],
    code: .badEnvironmentName
  ) { EnvironmentName.problem(with: $0) }

  static let imageReference = Rule(
    "an image reference: `[registry[:port]/]name[:tag][@digest]`",
    schema: [.init("pattern", .string(ImageReference.pattern))], code: .badImage
  ) { text in
    ImageReference.problem(with: text).map { RuleProblem(message: $0.message, help: $0.help) }
  }
}

extension Rule where Subject == [String] {
  /// At least one element, the first not empty, none with a null character.
  static let commandLine = Rule(
    "a program and its arguments", schema: [.init("minItems", 1)], code: .emptyValue
  ) { words in
    guard let first = words.first, !first.isEmpty else {
      return RuleProblem(
        message: "a command needs a program", help: "name a program first: `[/bin/sh, -c, …]`")
    }
    return words.contains { $0.hasByte(0) } ? .nullCharacter(in: "a command") : nil
  }

  /// Texts that can be handed to a process.
  static let arguments = Rule("texts without null characters", code: .badCharacter) { words in
    words.contains { $0.hasByte(0) } ? .nullCharacter(in: "an argument") : nil
  }
}

extension Rule where Subject == StringMap {
  /// Every key is a name of an environment variable.
  static let environmentNames = Rule(
    "names of environment variables",
    schema: [.init("propertyNames", ["pattern": "^[A-Za-z_][A-Za-z0-9_.-]{0,254}$"])],
    code: .badEnvironmentName,
    problems: { map in
      map.entries.compactMap { entry in
        if var problem = EnvironmentName.problem(with: entry.key) {
          problem.key = entry.key
          return problem
        }
        return nullCharacter(in: entry)
      }
    })

  /// Every key is a label that berth does not keep for itself.
  static let labels = Rule(
    "label names outside of `berth.`",
    schema: [.init("propertyNames", ["pattern": #"^(?!berth\.)[!-~]{1,253}$"#])], code: .badLabel,
    problems: { map in
      map.entries.compactMap { entry in
        if entry.key.hasPrefix("berth.") {
          return RuleProblem(
            message: "the label `\(entry.key)` is reserved",
            help: "`berth.` is where berth keeps its own labels", key: entry.key, code: .reservedLabel)
        }
        let isClean = entry.key.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F }
        if entry.key.isEmpty || entry.key.utf8.count > 253 || !isClean {
          return RuleProblem(
            message: "`\(entry.key)` is not a usable label", help: "use at most 253 visible ASCII characters",
            key: entry.key)
        }
        return nullCharacter(in: entry)
      }
    })

  private static func nullCharacter(in entry: StringMap.Entry) -> RuleProblem? {
    guard entry.value.hasByte(0) else { return nil }
    return .nullCharacter(in: "the value of `\(entry.key)`", key: entry.key)
  }
}

/// Names of environment variables.
public enum EnvironmentName {
  /// Whether a spec can have a variable of this name.
  public static func isValid(_ name: String) -> Bool { problem(with: name) == nil }

  fileprivate static func problem(with name: String) -> RuleProblem? {
    let isNameByte: (UInt8) -> Bool = { byte in
      (byte | 0x20 >= UInt8(ascii: "a") && byte | 0x20 <= UInt8(ascii: "z")) || byte == UInt8(ascii: "_")
        || (byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9")) || byte == UInt8(ascii: ".")
        || byte == UInt8(ascii: "-")
    }
    guard let first = name.utf8.first else {
      return RuleProblem(message: "a variable needs a name", help: "write it in front of the colon")
    }
    let startsWithDigit = first >= UInt8(ascii: "0") && first <= UInt8(ascii: "9")
    if !startsWithDigit, first != UInt8(ascii: "."), first != UInt8(ascii: "-"),
      name.utf8.count <= 255, name.utf8.allSatisfy(isNameByte)
    {
      return nil
    }
    return RuleProblem(
      message: "`\(name)` is not a name of an environment variable",
      help: "use letters, digits and `_`, not starting with a digit, 255 of them at most")
  }
}
