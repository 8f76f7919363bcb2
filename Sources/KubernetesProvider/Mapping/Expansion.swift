/// Kubernetes replaces `$(NAME)` in commands, arguments and variables by other variables. A text of a spec is handed over
/// as it is.
enum Expansion {
  /// A text that is left as it is once it is expanded.
  static func escape(_ text: String) -> String {
    guard text.utf8.contains(dollar) else { return text }
    var result: [UInt8] = []
    let bytes = Array(text.utf8)
    for (index, byte) in bytes.enumerated() {
      result.append(byte)
      guard byte == dollar, index + 1 < bytes.count else { continue }
      if bytes[index + 1] == dollar || bytes[index + 1] == UInt8(ascii: "(") { result.append(dollar) }
    }
    return String(decoding: result, as: UTF8.self)
  }

  /// What ``escape(_:)`` was given. What is expanded stays.
  static func unescape(_ text: String) -> String {
    guard text.utf8.contains(dollar) else { return text }
    var result: [UInt8] = []
    var rest = Array(text.utf8)[...]
    while let byte = rest.popFirst() {
      result.append(byte)
      if byte == dollar, rest.first == dollar { rest.removeFirst() }
    }
    return String(decoding: result, as: UTF8.self)
  }

  private static let dollar = UInt8(ascii: "$")
}
