/// A reference to a container image: `[registry[:port]/]path[:tag][@digest]`, by the grammar of the
/// distribution project (github.com/distribution/reference).
public struct ImageReference: Equatable, Sendable {
  /// The registry's host with its port; `nil` means the engine's default registry.
  public let registry: String?
  /// The path of the repository.
  public let repository: String
  /// The tag, without its colon.
  public let tag: String?
  /// The digest with its algorithm, such as `sha256:…`.
  public let digest: String?

  /// Whether another image may be meant by the same words tomorrow.
  public var isFloating: Bool { digest == nil && (tag == nil || tag == "latest") }

  /// Whether a text would be floating if it is a reference, as far as a look at its end can tell.
  static func mayFloat(_ text: String) -> Bool {
    // A digest has a colon of its own, after which there is no tag.
    var text = text
    return text.withUTF8 { bytes in
      guard let end = bytes.lastIndex(where: { $0 == colon || $0 == slash }), bytes[end] == colon else {
        return true
      }
      return bytes[(end + 1)...].elementsEqual("latest".utf8)
    }
  }

  /// Reads a reference; `nil` if it is not one.
  public init?(_ text: String) {
    guard case .success(let parts) = Self.parse(text) else { return nil }
    func string(_ range: Range<Int>) -> String {
      String(decoding: parts.bytes[range], as: UTF8.self)
    }
    registry = parts.registry.map(string)
    repository = string(parts.repository)
    tag = parts.tag.map(string)
    digest = parts.digest.map(string)
  }

  /// The words of a reference that name an image, and the digest that pins it, if there is one: of a text that is no
  /// reference as well.
  public static func split(_ text: String) -> (name: String, digest: String?) {
    guard let at = text.lastIndex(of: "@") else { return (text, nil) }
    return (String(text[..<at]), String(text[text.index(after: at)...]))
  }

  struct Problem: Error {
    let message: String
    let help: String
  }

  static func problem(with text: String) -> Problem? {
    if isSimple(text) { return nil }
    guard case .failure(let problem) = parse(text) else { return nil }
    return problem
  }

  /// Whether a text is a reference of the kind that nearly all are: short, of lower-case letters and digits with single
  /// separators between them, and perhaps a tag. Others may be references all the same.
  private static func isSimple(_ text: String) -> Bool {
    guard text.utf8.count < 64 else { return false }
    var (isAfterSeparator, isInTag, hasSlash) = (true, false, false)
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"):
        isAfterSeparator = false
      case UInt8(ascii: "A")...UInt8(ascii: "Z") where isInTag: isAfterSeparator = false
      case colon where !isInTag && !isAfterSeparator: (isInTag, isAfterSeparator) = (true, true)
      case slash where !isInTag && !isAfterSeparator: (hasSlash, isAfterSeparator) = (true, true)
      case dot, hyphen:
        if isAfterSeparator { return false }
        isAfterSeparator = true
      // In what may be a host, it is another matter.
      case underscore where hasSlash || isInTag:
        if isAfterSeparator { return false }
        isAfterSeparator = true
      default: return false
      }
    }
    return !isAfterSeparator
  }

  /// Whether a text names a registry: a host, perhaps with a port.
  static func isHost(_ text: String) -> Bool { isHost(Array(text.utf8)[...]) }

  /// The grammar as a regular expression, for schemas.
  static let pattern: String = {
    let host = #"[A-Za-z0-9.-]+(:[0-9]{1,5})?"#
    let part = #"[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*"#
    let tag = #"[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}"#
    let digest = "sha256:[a-f0-9]{64}|sha384:[a-f0-9]{96}|sha512:[a-f0-9]{128}"
    return "^(\(host)/)?\(part)(/\(part))*(:\(tag))?(@(\(digest)))?$"
  }()

  // MARK: Parsing

  /// Where the parts of a reference lie. Specs hold thousands of them, so that the parser looks at bytes, and makes a
  /// text only when a caller asks for one.
  private struct Parts {
    let bytes: [UInt8]
    var registry: Range<Int>?
    var repository: Range<Int>
    var tag: Range<Int>?
    var digest: Range<Int>?
  }

  private static let slash = UInt8(ascii: "/")
  private static let colon = UInt8(ascii: ":")
  private static let dot = UInt8(ascii: ".")
  private static let hyphen = UInt8(ascii: "-")
  private static let underscore = UInt8(ascii: "_")

  private static func parse(_ text: String) -> Result<Parts, Problem> {
    let bytes = Array(text.utf8)
    guard !bytes.isEmpty else {
      return failure("an image reference must not be empty", help: "write `name:tag`, or leave it out")
    }
    guard bytes.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
      return failure(
        "an image reference must not contain spaces or other than ASCII characters", help: "delete them")
    }
    var parts = Parts(bytes: bytes, repository: bytes.indices)
    if let at = bytes.lastIndex(of: UInt8(ascii: "@")) {
      if let problem = digestProblem(bytes[(at + 1)...]) { return .failure(problem) }
      parts.digest = at + 1..<bytes.count
      parts.repository = 0..<at
    }
    if let last = bytes[parts.repository].lastIndex(of: colon),
      !bytes[last..<parts.repository.upperBound].contains(slash)
    {
      let tag = last + 1..<parts.repository.upperBound
      guard isTag(bytes[tag]) else {
        return failure(
          "`\(string(bytes[tag]))` is not a tag",
          help:
            "a tag has at most 128 letters, digits, `_`, `.` and `-`, and starts with none of the last two")
      }
      parts.tag = tag
      parts.repository = parts.repository.lowerBound..<last
    }
    if let first = bytes[parts.repository].firstIndex(of: slash), looksLikeHost(bytes[..<first]) {
      guard isHost(bytes[..<first]) else {
        let isScheme = bytes[first...].starts(with: [slash, slash]) && bytes[first - 1] == colon
        return isScheme
          ? failure("an image reference has no scheme", help: "leave out everything up to `://`")
          : failure("`\(string(bytes[..<first]))` is not a registry", help: "write `host` or `host:port`")
      }
      parts.registry = 0..<first
      parts.repository = first + 1..<parts.repository.upperBound
    }
    if let problem = repositoryProblem(bytes[parts.repository]) { return .failure(problem) }
    return .success(parts)
  }

  private static func failure(_ message: String, help: String) -> Result<Parts, Problem> {
    .failure(Problem(message: message, help: help))
  }

  private static func string(_ bytes: ArraySlice<UInt8>) -> String { String(decoding: bytes, as: UTF8.self) }

  private static func digestProblem(_ digest: ArraySlice<UInt8>) -> Problem? {
    let algorithm = digest.prefix { $0 != colon }
    let digits = digest.dropFirst(algorithm.count + 1)
    let length: Int
    switch string(algorithm) {
    case "sha256": length = 64
    case "sha384": length = 96
    case "sha512": length = 128
    default:
      return Problem(
        message: "`\(string(digest))` is not a digest",
        help: "a digest is written `sha256:` and 64 hexadecimal digits")
    }
    let isHex = digits.allSatisfy {
      ($0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9"))
        || ($0 >= UInt8(ascii: "a") && $0 <= UInt8(ascii: "f"))
    }
    if isHex, digits.count == length { return nil }
    return Problem(
      message:
        "a \(string(algorithm)) digest has \(length) lower-case hexadecimal digits, and this has \(digits.count) characters",
      help: "copy the whole digest, as the registry shows it")
  }

  private static func isTag(_ tag: ArraySlice<UInt8>) -> Bool {
    guard let first = tag.first, tag.count <= 128, first != dot, first != hyphen else { return false }
    return tag.allSatisfy { isAlphanumeric($0) || $0 == underscore || $0 == dot || $0 == hyphen }
  }

  /// Whether the first part of a reference is meant as a registry, as the engines decide it.
  private static func looksLikeHost(_ part: ArraySlice<UInt8>) -> Bool {
    part.contains { $0 == dot || $0 == colon } || part.elementsEqual("localhost".utf8)
  }

  private static func isHost(_ text: ArraySlice<UInt8>) -> Bool {
    let host = text.prefix { $0 != colon }
    if host.count < text.count {
      let digits = text.dropFirst(host.count + 1)
      guard digits.count <= 5, let port = Decimal.parse(digits, scale: 0), (1...65535).contains(port) else {
        return false
      }
    }
    return !host.isEmpty && host.allSatisfy { isAlphanumeric($0) || $0 == dot || $0 == hyphen }
  }

  private static func repositoryProblem(_ repository: ArraySlice<UInt8>) -> Problem? {
    var start = repository.startIndex
    while start <= repository.endIndex {
      let end = repository[start...].firstIndex(of: slash) ?? repository.endIndex
      let part = repository[start..<end]
      if part.isEmpty {
        return Problem(message: "a part of the image's name is empty", help: "write `name`, or `team/name`")
      }
      if !isPathPart(part) {
        let hasUpperCase = part.contains { $0 >= UInt8(ascii: "A") && $0 <= UInt8(ascii: "Z") }
        return Problem(
          message: "`\(string(part))` can't be a part of an image's name",
          help: hasUpperCase
            ? "a repository is written in lower case"
            : "use lower-case letters and digits, separated by `.`, `_`, `__` or `-`")
      }
      start = end + 1
    }
    return nil
  }

  /// Runs of lower-case letters and digits, separated by `.`, `_`, `__` or hyphens.
  private static func isPathPart(_ part: ArraySlice<UInt8>) -> Bool {
    guard let first = part.first, let last = part.last, isLower(first), isLower(last) else { return false }
    var separators = 0
    var separator: UInt8 = 0
    for byte in part {
      if isLower(byte) {
        separators = 0
        continue
      }
      guard byte == dot || byte == underscore || byte == hyphen, separators == 0 || byte == separator else {
        return false
      }
      separators += 1
      separator = byte
      if (byte == dot && separators > 1) || (byte == underscore && separators > 2) { return false }
    }
    return true
  }

  private static func isLower(_ byte: UInt8) -> Bool {
    (byte >= UInt8(ascii: "a") && byte <= UInt8(ascii: "z"))
      || (byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9"))
  }

  private static func isAlphanumeric(_ byte: UInt8) -> Bool {
    isLower(byte) || (byte >= UInt8(ascii: "A") && byte <= UInt8(ascii: "Z"))
  }
}
