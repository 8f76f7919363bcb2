import Diagnostics
import Foundation
import ProviderKit
import Secrets
import Vault

/// A secret that another program writes to standard input.
enum SecretInput {
  /// Reads to the end.
  ///
  /// - Parameter keepsNewline: whether one line break at the end stays.
  /// - Throws: `DiagnosticError` if it can't be read.
  static func read(keepsNewline: Bool) throws -> SecretValue {
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    // One byte too many, and a line break, are enough to see that it is too large.
    while bytes.count <= Vault.maximumValueSize + 1 {
      let count = Foundation.read(0, &chunk, chunk.count)
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else {
        throw DiagnosticError(
          Diagnostic(
            .badSecretInput, "standard input can't be read: \(String(cString: strerror(errno)))",
            help: "pipe the value in: `berth secret set KEY < FILE`"))
      }
      if count == 0 { break }
      bytes += chunk[..<count]
    }
    if !keepsNewline, bytes.last == UInt8(ascii: "\n") { bytes.removeLast() }
    return SecretValue(bytes: bytes)
  }
}
