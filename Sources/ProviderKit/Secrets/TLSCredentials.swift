import Secrets
import Values

/// Certificates and their private key: the value of a secret of type `tls`.
///
/// The value is PEM text (RFC 7468) that holds both, in any order; it is checked for its form, and not for what
/// the certificates say.
public struct TLSCredentials: Sendable, CustomStringConvertible, CustomDebugStringConvertible,
  CustomReflectable
{
  /// The certificates as PEM text, in the order in which they stand: the server's own first, by custom.
  public let certificates: [UInt8]
  /// The private key as PEM text. The caller must not store or print it.
  public let key: [UInt8]

  /// Takes a value apart.
  ///
  /// - Throws: ``MalformedSecret`` if there is no certificate, not exactly one private key, or a key with a
  ///   passphrase, for which a service has no user to ask.
  public init(_ value: SecretValue) throws(MalformedSecret) {
    guard let text = String(validating: value.bytes, as: UTF8.self) else {
      throw MalformedSecret("it is not PEM text")
    }
    let blocks = try PEMBlock.all(in: text)
    let certificates = blocks.filter { $0.label == "CERTIFICATE" }
    let keys = blocks.filter { $0.label.hasSuffix("PRIVATE KEY") }
    guard !certificates.isEmpty else { throw MalformedSecret("it holds no certificate") }
    guard keys.count == 1 else {
      throw MalformedSecret(keys.isEmpty ? "it holds no private key" : "it holds more than one private key")
    }
    guard !keys[0].isEncrypted else { throw MalformedSecret("its private key has a passphrase") }
    self.certificates = Array(certificates.map(\.text).joined().utf8)
    key = Array(keys[0].text.utf8)
  }

  /// Never the key.
  public var description: String { "(certificates and their key)" }
  /// Never the key.
  public var debugDescription: String { description }
  /// Never the key.
  public var customMirror: Mirror { Mirror(self, children: []) }
}

/// A piece of PEM text: what stands between a `BEGIN` line and its `END` line.
private struct PEMBlock {
  let label: String
  /// The lines between the two.
  let body: [Substring]

  /// The whole block, ending in a line break.
  var text: String {
    "-----BEGIN \(label)-----\n" + body.map { $0 + "\n" }.joined() + "-----END \(label)-----\n"
  }

  var isEncrypted: Bool {
    label.hasPrefix("ENCRYPTED") || body.contains { $0.hasPrefix("Proc-Type:") && $0.hasSuffix("ENCRYPTED") }
  }

  /// Every block of a text; what stands between them is a comment.
  static func all(in text: String) throws(MalformedSecret) -> [PEMBlock] {
    var blocks: [PEMBlock] = []
    var open: (label: String, body: [Substring])?
    for line in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline) {
      if let label = name(in: line, after: "-----BEGIN ") {
        guard open == nil else { throw unfinished(open?.label) }
        open = (label, [])
      } else if let label = name(in: line, after: "-----END ") {
        guard let block = open, block.label == label else { throw unfinished(open?.label) }
        let result = PEMBlock(label: label, body: block.body)
        guard result.isWellFormed else { throw MalformedSecret("what its block `\(label)` holds is damaged") }
        blocks.append(result)
        open = nil
      } else if open != nil {
        open?.body.append(line)
      }
    }
    if let open { throw unfinished(open.label) }
    return blocks
  }

  private static func name(in line: Substring, after prefix: String) -> String? {
    guard line.hasPrefix(prefix), line.hasSuffix("-----"), line.count > prefix.count + 5 else { return nil }
    return String(line.dropFirst(prefix.count).dropLast(5))
  }

  private static func unfinished(_ label: String?) -> MalformedSecret {
    MalformedSecret("a block of it\(label.map { ", `\($0)`," } ?? "") does not end as it begins")
  }

  /// Whether the body is base64 of a DER sequence that is as long as it says. An old encrypted key has header
  /// lines, and nothing to be seen.
  private var isWellFormed: Bool {
    if isEncrypted { return true }
    guard let bytes = Base64.decode(body.joined()), bytes.count >= 2 else { return false }
    // The parameters of a curve, which stand beside some keys, are an object identifier.
    return label.hasSuffix("PARAMETERS") || (bytes[0] == 0x30 && length(of: bytes) == bytes.count)
  }

  /// How long a DER value says that it is, with its head.
  private func length(of bytes: [UInt8]) -> Int? {
    guard bytes[1] & 0x80 != 0 else { return 2 + Int(bytes[1]) }
    let count = Int(bytes[1] & 0x7F)
    guard (1...4).contains(count), bytes.count > 2 + count else { return nil }
    return bytes[2..<2 + count].reduce(0) { $0 << 8 | Int($1) } + 2 + count
  }
}
