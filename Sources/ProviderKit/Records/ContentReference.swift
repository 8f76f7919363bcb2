import Crypto
import Values

/// Names content that stands elsewhere than in the record which it belongs to.
package protocol ContentReference: Hashable, Sendable {
  /// The SHA-256 of the content, in hexadecimal digits.
  var digest: String { get }
  /// As an ``Outline`` holds it.
  var text: String { get }
  /// Reads what ``text`` wrote; `nil` if it is something else.
  init?(text: String)
}

/// Names content by its SHA-256 alone.
package struct ContentDigest: ContentReference {
  /// The SHA-256 of the content, in hexadecimal digits.
  package let digest: String

  package init(of content: [UInt8]) { digest = Hex.lower(SHA256.hash(data: content)) }

  package var text: String { digest }

  /// Reads what ``text`` wrote; `nil` if it is something else.
  package init?(text: String) {
    guard text.utf8.count == 64 else { return nil }
    digest = text
  }
}
