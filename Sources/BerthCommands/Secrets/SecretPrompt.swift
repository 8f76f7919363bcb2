import Diagnostics
import Foundation
import ProviderKit
import Secrets

/// A secret that a person types, unseen.
enum SecretPrompt {
  /// Whether a person is there to type.
  static var isPossible: Bool { isatty(0) == 1 }

  /// Asks twice.
  ///
  /// - Throws: `DiagnosticError` if the two differ; `CancellationError` if the person interrupts it.
  static func ask(for key: String) throws -> SecretValue {
    let first = try line(after: "Value of \(key): ")
    let second = try line(after: "Once more: ")
    guard first == second else {
      throw DiagnosticError(
        Diagnostic(.badSecretInput, "the two values differ", help: "nothing was changed; try again"))
    }
    return SecretValue(bytes: first)
  }

  /// Reads what is typed up to the end of the line, without showing it.
  private static func line(after question: String) throws -> [UInt8] {
    let console = Console()
    // Every key comes as itself: an interrupt must not leave the terminal mute behind it.
    let terminal = RawTerminal()
    console.writeError(question)
    defer { console.writeError("\r\n") }
    return try withExtendedLifetime(terminal, typed)
  }

  /// What is typed up to the end of the line.
  private static func typed() throws -> [UInt8] {
    var bytes: [UInt8] = []
    while let byte = nextByte() {
      switch byte {
      case UInt8(ascii: "\n"), UInt8(ascii: "\r"), 0x04: return bytes
      case 0x03, 0x1C: throw CancellationError()
      case 0x7F, 0x08: deleteCharacter(from: &bytes)
      case 0x15: bytes = []
      default: bytes.append(byte)
      }
    }
    return bytes
  }

  private static func nextByte() -> UInt8? {
    var byte: UInt8 = 0
    while true {
      let count = Foundation.read(0, &byte, 1)
      if count < 0, errno == EINTR { continue }
      return count == 1 ? byte : nil
    }
  }

  /// Deletes the last character, which may be several bytes.
  private static func deleteCharacter(from bytes: inout [UInt8]) {
    while let byte = bytes.popLast(), byte & 0xC0 == 0x80 {}
  }
}
