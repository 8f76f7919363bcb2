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

  /// Reads a reference; `nil` if it is not one.
  public init?(_ text: String) {
    guard case .success(let reference) = ImageReference.parse(text) else { return nil }
    self = reference
  }

  init(registry: String?, repository: String, tag: String?, digest: String?) {
    self.registry = registry
    self.repository = repository
    self.tag = tag
    self.digest = digest
  }

  struct Problem: Error {
    let message: String
    var help: String?
  }

  static func problem(with text: String) -> Problem? {
    guard case .failure(let problem) = parse(text) else { return nil }
    return problem
  }

  private static func parse(_ text: String) -> Result<ImageReference, Problem> {
    guard !text.isEmpty else {
      return .failure(
        Problem(message: "an image reference must not be empty", help: "write `name:tag`, or leave it out"))
    }
    guard text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
      return .failure(
        Problem(
          message: "an image reference must not contain spaces or other than ASCII characters",
          help: "delete them"))
    }
    if text.contains("://") {
      return .failure(
        Problem(message: "an image reference has no scheme", help: "leave out everything up to `://`"))
    }
    var rest = Substring(text)
    var digest: String?
    if let at = rest.lastIndex(of: "@") {
      digest = String(rest[rest.index(after: at)...])
      rest = rest[..<at]
      if let problem = digestProblem(digest!) { return .failure(problem) }
    }
    var tag: String?
    if let colon = rest.lastIndex(of: ":"), !rest[colon...].contains("/") {
      tag = String(rest[rest.index(after: colon)...])
      rest = rest[..<colon]
      guard isTag(tag!) else {
        return .failure(
          Problem(
            message: "`\(tag!)` is not a tag",
            help:
              "a tag has at most 128 letters, digits, `_`, `.` and `-`, and starts with none of the last two")
        )
      }
    }
    var parts = rest.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    var registry: String?
    if parts.count > 1, let host = parts.first,
      host.contains(".") || host.contains(":") || host == "localhost"
    {
      registry = host
      parts.removeFirst()
      guard isHost(host) else {
        return .failure(Problem(message: "`\(host)` is not a registry", help: "write `host` or `host:port`"))
      }
    }
    for part in parts where !isPathPart(part) {
      let help =
        part.lowercased() != part
        ? "a repository is written in lower case"
        : "use lower-case letters and digits, separated by `.`, `_`, `__` or `-`"
      return .failure(
        Problem(
          message: part.isEmpty
            ? "a part of the image's name is empty" : "`\(part)` can't be a part of an image's name",
          help: help))
    }
    return .success(
      ImageReference(registry: registry, repository: parts.joined(separator: "/"), tag: tag, digest: digest))
  }

  private static func digestProblem(_ digest: String) -> Problem? {
    let parts = digest.split(separator: ":", maxSplits: 1)
    let lengths = ["sha256": 64, "sha384": 96, "sha512": 128]
    guard parts.count == 2, let length = lengths[String(parts[0])] else {
      return Problem(
        message: "`\(digest)` is not a digest",
        help: "a digest is written `sha256:` and 64 hexadecimal digits")
    }
    let isHex = parts[1].utf8.allSatisfy { ($0 >= 0x30 && $0 <= 0x39) || ($0 >= 0x61 && $0 <= 0x66) }
    guard isHex, parts[1].utf8.count == length else {
      return Problem(
        message:
          "a \(parts[0]) digest has \(length) lower-case hexadecimal digits, and this has \(parts[1].utf8.count) characters",
        help: "copy the whole digest, as the registry shows it")
    }
    return nil
  }

  private static func isTag(_ tag: String) -> Bool {
    guard let first = tag.utf8.first, tag.utf8.count <= 128 else { return false }
    return first != UInt8(ascii: ".") && first != UInt8(ascii: "-")
      && tag.utf8.allSatisfy {
        isAlphanumeric($0) || $0 == UInt8(ascii: "_") || $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "-")
      }
  }

  /// Whether a text names a registry: a host, perhaps with a port.
  static func isHost(_ host: String) -> Bool {
    let parts = host.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count <= 2, !parts[0].isEmpty else { return false }
    if parts.count == 2 { guard let port = Int(parts[1]), (1...65535).contains(port) else { return false } }
    return parts[0].utf8.allSatisfy {
      isAlphanumeric($0) || $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "-")
    }
  }

  /// Runs of lower-case letters and digits, separated by `.`, `_`, `__` or hyphens.
  private static func isPathPart(_ part: String) -> Bool {
    let bytes = Array(part.utf8)
    guard let first = bytes.first, let last = bytes.last, isLower(first), isLower(last) else { return false }
    var separator: [UInt8] = []
    for byte in bytes {
      if isLower(byte) {
        let allHyphens = separator.allSatisfy { $0 == UInt8(ascii: "-") }
        let isKnown =
          separator == [UInt8(ascii: ".")] || separator == [UInt8(ascii: "_")]
          || separator == [UInt8(ascii: "_"), UInt8(ascii: "_")]
        guard allHyphens || isKnown else { return false }
        separator = []
      } else {
        separator.append(byte)
      }
    }
    return true
  }

  private static func isLower(_ byte: UInt8) -> Bool {
    (byte >= UInt8(ascii: "a") && byte <= UInt8(ascii: "z"))
      || (byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9"))
  }

  private static func isAlphanumeric(_ byte: UInt8) -> Bool {
    isLower(byte | 0x20) && (byte < 0x3A || byte >= UInt8(ascii: "A"))
  }
}
