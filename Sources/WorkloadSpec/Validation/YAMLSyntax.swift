import CYAML
import Diagnostics
import YAMLNodes

/// Whether a text is YAML of any kind: with tags, anchors and keys that a workload could not have.
enum YAMLSyntax {
  /// How deep the content may nest: libyaml's effort grows with the square of the depth.
  private static let maximumDepth = 1000

  /// The place where it stops being YAML.
  static func problem(in text: String) -> SyntaxProblem? { isFlat(text) ? nil : parsingProblem(in: text) }

  /// Whether a text is nothing but lines such as `workers: 4`, of which no parser needs to be asked.
  static func isFlat(_ text: String) -> Bool {
    enum Part { case start, key, colon, space, value }
    var part = Part.start
    var length = 0
    for byte in text.utf8 {
      length += 1
      let isLetter = UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte | 0x20
      let isWord = isLetter || UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte
      let isInner =
        isWord || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "-") || byte == UInt8(ascii: ".")
      switch part {
      case .start where isLetter: part = .key
      case .key where isInner: break
      case .key where byte == UInt8(ascii: ":"): part = .colon
      case .colon where byte == UInt8(ascii: " "): part = .space
      case .space where isWord: part = .value
      case .value where isInner || byte == UInt8(ascii: "/"): break
      case .value where byte == UInt8(ascii: "\n"): (part, length) = (.start, 0)
      default: return false
      }
      // Longer keys are no keys to YAML.
      guard length < 256 else { return false }
    }
    return (part == .start || part == .value) && !text.isEmpty
  }

  /// The place where a parser stops to take it for YAML.
  static func parsingProblem(in text: String) -> SyntaxProblem? {
    var parser = yaml_parser_t()
    guard yaml_parser_initialize(&parser) == 1 else { return nil }
    defer { yaml_parser_delete(&parser) }
    var text = text
    return text.withUTF8 { bytes -> SyntaxProblem? in
      yaml_parser_set_input_string(&parser, bytes.baseAddress, bytes.count)
      var event = yaml_event_t()
      var depth = 0
      while true {
        guard yaml_parser_parse(&parser, &event) == 1 else { return problem(of: parser, in: bytes) }
        let (type, mark) = (event.type, event.start_mark)
        yaml_event_delete(&event)
        switch type {
        case YAML_STREAM_END_EVENT: return nil
        case YAML_SEQUENCE_START_EVENT, YAML_MAPPING_START_EVENT: depth += 1
        case YAML_SEQUENCE_END_EVENT, YAML_MAPPING_END_EVENT: depth -= 1
        default: break
        }
        if depth > maximumDepth {
          return SyntaxProblem(
            line: Int(mark.line) + 1, column: Int(mark.column) + 1,
            message: "it is nested more than \(maximumDepth) levels deep")
        }
      }
    }
  }

  private static func problem(of parser: yaml_parser_t, in bytes: UnsafeBufferPointer<UInt8>) -> SyntaxProblem
  {
    let problem = parser.problem.map { String(cString: $0) } ?? "it can't be read"
    if parser.error == YAML_READER_ERROR {
      let place = TextPlace(offset: Int(parser.problem_offset), in: bytes)
      return SyntaxProblem(line: place.line, column: place.column, message: problem)
    }
    let known = YAMLProblem.entry(for: problem)
    let isMendedAtStart = known?.isMendedAtStart == true && parser.context != nil
    let mark = isMendedAtStart ? parser.context_mark : parser.problem_mark
    return SyntaxProblem(
      line: Int(mark.line) + 1, column: Int(mark.column) + 1, message: known?.message ?? problem,
      help: known?.help)
  }
}
