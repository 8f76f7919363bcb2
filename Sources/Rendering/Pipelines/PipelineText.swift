/// Texts in the log of a job, none of which is taken for a command of the CI system.
///
/// GitHub's runner obeys a line that begins with `::name`, and `##[name]` at any place of a line; Azure's agent obeys `##vso[name]`.
/// GitLab's markers of sections need an escape character, which ``SafeText`` leaves in no text.
public struct PipelineText: Sendable {
  /// The last of what stands in the line that is being written, as far as it counts.
  private var line = ""

  /// A text of which nothing is written yet.
  public init() {}

  /// A whole text, or one that begins a line.
  public static func guarded(_ text: String) -> String {
    guard text.utf8.contains(UInt8(ascii: "#")) || text.utf8.contains(UInt8(ascii: ":")) else { return text }
    var whole = PipelineText()
    return whole.guarded(text)
  }

  /// The next part of the text with one sign of each command written as its escape, which in a text of JSON is the same value.
  public mutating func guarded(_ text: String) -> String {
    var guarded = ""
    for scalar in text.unicodeScalars {
      if takes(scalar) {
        guarded += scalar == ":" ? #"\u003A"# : #"\u005B"#
      } else {
        guarded.unicodeScalars.append(scalar)
      }
    }
    return guarded
  }

  /// Whether a scalar makes a command of what stands before it.
  private mutating func takes(_ scalar: Unicode.Scalar) -> Bool {
    if scalar == "\n" || scalar == "\r" {
      line = ""
      return false
    }
    // What has no width, and white space in front, count as nothing where the runner compares.
    guard !scalar.properties.isDefaultIgnorableCodePoint, !line.isEmpty || !scalar.properties.isWhitespace
    else { return false }
    line.unicodeScalars.append(scalar)
    if line.unicodeScalars.count > 6 { line.unicodeScalars.removeFirst() }
    switch scalar {
    case ":": return line == "::"
    case "[": return line.hasSuffix("##[") || line.lowercased().hasSuffix("##vso[")
    default: return false
    }
  }
}
