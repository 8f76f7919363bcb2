import CYAML

/// Whether a text is YAML of any kind: with tags, anchors and keys that a workload could not have.
enum YAMLSyntax {
  /// How deep the content may nest: libyaml's effort grows with the square of the depth.
  private static let maximumDepth = 1000

  /// The place where it stops being YAML.
  static func problem(in text: String) -> SyntaxProblem? {
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
