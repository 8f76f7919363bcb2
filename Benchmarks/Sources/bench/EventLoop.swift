import CYAMLBench

/// The limit that reading is measured against: libyaml's own event loop, with nothing done to the events.
enum EventLoop {
  /// Parses the bytes and throws the events away; returns how many there were.
  static func run(_ bytes: [UInt8]) -> Int {
    var parser = yaml_parser_t()
    guard yaml_parser_initialize(&parser) == 1 else { return 0 }
    defer { yaml_parser_delete(&parser) }
    return bytes.withUnsafeBufferPointer { bytes in
      yaml_parser_set_input_string(&parser, bytes.baseAddress, bytes.count)
      var count = 0
      var event = yaml_event_t()
      while yaml_parser_parse(&parser, &event) == 1 {
        count += 1
        let isDone = event.type == YAML_STREAM_END_EVENT
        yaml_event_delete(&event)
        if isDone { break }
      }
      return count
    }
  }
}
