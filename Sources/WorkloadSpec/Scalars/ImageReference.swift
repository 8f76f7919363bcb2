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
    let bytes = Array(text.utf8)
    guard let parts = try? ImageReferenceParts(bytes) else { return nil }
    func string(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }
    registry = parts.registry.map(string)
    repository = string(parts.repository)
    tag = parts.tag.map(string)
    digest = parts.digest.map(string)
  }

  /// What is wrong with a text as a reference; `nil` if nothing is.
  static func problem(with text: String) -> RuleProblem? {
    do {
      _ = try ImageReferenceParts(Array(text.utf8))
      return nil
    } catch {
      return error.problem
    }
  }

  /// Whether a text, which is a valid reference, is a floating one. Asked of every image of a spec, so it
  /// makes no strings.
  static func isFloating(_ text: String) -> Bool {
    let bytes = Array(text.utf8)
    guard let parts = try? ImageReferenceParts(bytes), parts.digest == nil else { return false }
    return parts.tag.map { bytes[$0].elementsEqual("latest".utf8) } ?? true
  }

  /// Whether a text is a registry: a host, with a port or without.
  static func isHost(_ text: String) -> Bool {
    (try? ImageReferenceParts.checkHost(Array(text.utf8)[...])) != nil
  }
}

/// Where the parts of a reference stand among its bytes. Every image of every spec is read by this, so it works
/// on bytes and allocates nothing.
private struct ImageReferenceParts {
  var registry: Range<Int>?
  var repository: Range<Int>
  var tag: Range<Int>?
  var digest: Range<Int>?

  struct Failure: Error {
    let problem: RuleProblem

    init(_ message: String, help: String? = nil) { problem = RuleProblem(message: message, help: help) }
  }

  init(_ bytes: [UInt8]) throws(Failure) {
    guard !bytes.isEmpty else { throw Failure("an image reference must not be empty", help: "write `name:tag`, or leave it out") }
    guard bytes.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
      throw Failure(
        "an image reference must not contain spaces or other than ASCII characters", help: "delete them")
    }
    var start = 0
    var end = bytes.count
    if let at = bytes.lastIndex(of: UInt8(ascii: "@")) {
      digest = at + 1..<end
      end = at
      try Self.checkDigest(bytes[at + 1..<bytes.count])
    }
    let slash = bytes[..<end].lastIndex(of: UInt8(ascii: "/"))
    if let colon = bytes[(slash ?? 0)..<end].lastIndex(of: UInt8(ascii: ":")) {
      tag = colon + 1..<end
      end = colon
      try Self.checkTag(bytes[tag!])
    }
    if let first = bytes[..<end].firstIndex(of: UInt8(ascii: "/")) {
      let host = bytes[..<first]
      if host.last == UInt8(ascii: ":") {
        throw Failure("an image reference has no scheme", help: "leave out everything up to `://`")
      }
      let isHost =
        host.contains(UInt8(ascii: ".")) || host.contains(UInt8(ascii: ":")) || host.elementsEqual("localhost".utf8)
      if isHost {
        try Self.checkHost(host)
        registry = 0..<first
        start = first + 1
      }
    }
    repository = start..<end
    var part = start
    for index in start...end where index == end || bytes[index] == UInt8(ascii: "/") {
      try Self.checkPathPart(bytes[part..<index])
      part = index + 1
    }
  }

  private static func text(_ bytes: ArraySlice<UInt8>) -> String { String(decoding: bytes, as: UTF8.self) }

  private static func checkDigest(_ digest: ArraySlice<UInt8>) throws(Failure) {
    let colon = digest.firstIndex(of: UInt8(ascii: ":")) ?? digest.endIndex
    let lengths: [(name: StaticString, length: Int)] = [("sha256", 64), ("sha384", 96), ("sha512", 128)]
    let algorithm = lengths.first { known in
      known.name.withUTF8Buffer { digest[..<colon].elementsEqual($0) }
    }
    guard let algorithm, colon < digest.endIndex else {
      throw Failure(
        "`\(text(digest))` is not a digest", help: "a digest is written `sha256:` and 64 hexadecimal digits")
    }
    let hex = digest[(colon + 1)...]
    let isHex = hex.allSatisfy { ($0 >= 0x30 && $0 <= 0x39) || ($0 >= 0x61 && $0 <= 0x66) }
    guard isHex, hex.count == algorithm.length else {
      throw Failure(
        "a \(algorithm.name) digest has \(algorithm.length) lower-case hexadecimal digits, and this has \(hex.count) characters",
        help: "copy the whole digest, as the registry shows it")
    }
  }

  private static func checkTag(_ tag: ArraySlice<UInt8>) throws(Failure) {
    let isTag =
      !tag.isEmpty && tag.count <= 128 && tag.first != UInt8(ascii: ".") && tag.first != UInt8(ascii: "-")
      && tag.allSatisfy {
        isAlphanumeric($0) || $0 == UInt8(ascii: "_") || $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "-")
      }
    guard isTag else {
      throw Failure(
        "`\(text(tag))` is not a tag",
        help: "a tag has at most 128 letters, digits, `_`, `.` and `-`, and starts with none of the last two")
    }
  }

  static func checkHost(_ host: ArraySlice<UInt8>) throws(Failure) {
    let colon = host.firstIndex(of: UInt8(ascii: ":")) ?? host.endIndex
    var isHost =
      colon > host.startIndex
      && host[..<colon].allSatisfy { isAlphanumeric($0) || $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "-") }
    if colon < host.endIndex {
      let port = Int(text(host[(colon + 1)...])) ?? 0
      isHost = isHost && (1...65535).contains(port)
    }
    guard isHost else { throw Failure("`\(text(host))` is not a registry", help: "write `host` or `host:port`") }
  }

  /// Runs of lower-case letters and digits, separated by `.`, `_`, `__` or hyphens.
  private static func checkPathPart(_ part: ArraySlice<UInt8>) throws(Failure) {
    var isPart = part.first.map(isLower) == true && part.last.map(isLower) == true
    var separators = 0
    for index in part.indices {
      if isLower(part[index]) {
        separators = 0
        continue
      }
      separators += 1
      let isHyphen = part[index] == UInt8(ascii: "-")
      let isUnderscore = part[index] == UInt8(ascii: "_")
      let continues = separators == 1 || (part[index] == part[index - 1] && (isHyphen || isUnderscore && separators == 2))
      isPart = isPart && continues && (isHyphen || isUnderscore || part[index] == UInt8(ascii: "."))
    }
    if isPart { return }
    let word = text(part)
    throw Failure(
      word.isEmpty ? "a part of the image's name is empty" : "`\(word)` can't be a part of an image's name",
      help: word.lowercased() != word
        ? "a repository is written in lower case"
        : "use lower-case letters and digits, separated by `.`, `_`, `__` or `-`")
  }

  private static func isLower(_ byte: UInt8) -> Bool {
    (byte >= UInt8(ascii: "a") && byte <= UInt8(ascii: "z")) || (byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9"))
  }

  private static func isAlphanumeric(_ byte: UInt8) -> Bool {
    isLower(byte) || (byte >= UInt8(ascii: "A") && byte <= UInt8(ascii: "Z"))
  }
}
