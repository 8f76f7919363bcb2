import Values

/// Text from outside, made safe for a terminal.
///
/// What would move the cursor, change colours, hide or reorder text is shown as a visible escape: a config file from
/// another author must not be able to make a plan look like another plan.
public enum SafeText {
  /// The text on one line: line breaks and tabs are shown as escapes too.
  public static func line(_ text: some StringProtocol) -> String {
    guard text.unicodeScalars.contains(where: { !isPlain($0) }) else { return String(text) }
    var safe = ""
    for scalar in text.unicodeScalars { append(scalar, to: &safe) }
    return safe
  }

  /// What a program wrote, on one line: tabs stay, and bytes that are no UTF-8 are shown as `\xE9`.
  static func written(_ bytes: ArraySlice<UInt8>) -> String {
    var safe = ""
    var parser = Unicode.UTF8.ForwardParser()
    var (rest, start) = (bytes.makeIterator(), bytes.startIndex)
    while true {
      switch parser.parseScalar(from: &rest) {
      case .valid(let encoded):
        let scalar = Unicode.UTF8.decode(encoded)
        if scalar == "\t" { safe += "\t" } else { append(scalar, to: &safe) }
        start += encoded.count
      case .error(let length):
        for byte in bytes[start..<start + length] { safe += "\\x\(Hex.upper(Int(byte), digits: 2))" }
        start += length
      case .emptyInput: return safe
      }
    }
  }

  /// The text on one line in double quotes, with quotes and backslashes escaped.
  static func quoted(_ text: String) -> String {
    var safe = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": safe += "\\\""
      case "\\": safe += "\\\\"
      default: append(scalar, to: &safe)
      }
    }
    return safe + "\""
  }

  /// How a single scalar is shown.
  static func shown(_ scalar: Unicode.Scalar) -> String {
    var text = ""
    append(scalar, to: &text)
    return text
  }

  private static func append(_ scalar: Unicode.Scalar, to text: inout String) {
    switch scalar {
    case "\n": text += "\\n"
    case "\t": text += "\\t"
    case "\r": text += "\\r"
    case _ where isPlain(scalar): text.unicodeScalars.append(scalar)
    default: text += "\\u{\(Hex.upper(Int(scalar.value), digits: 2))}"
    }
  }

  /// Whether a scalar shows as what it is, and changes nothing around it.
  private static func isPlain(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x20...0x7E: return true
    // Marks that reorder what stands around them, and ends of lines besides the usual one.
    case 0x00...0x1F, 0x7F...0x9F, 0x061C, 0x200E, 0x200F, 0x2028...0x202E, 0x2066...0x2069, 0xFEFF:
      return false
    default:
      switch scalar.properties.generalCategory {
      case .control, .surrogate, .unassigned, .privateUse, .lineSeparator, .paragraphSeparator: return false
      // Joiners hold emoji and scripts together; other invisible marks hide.
      case .format: return scalar.value == 0x200C || scalar.value == 0x200D
      default: return true
      }
    }
  }
}
