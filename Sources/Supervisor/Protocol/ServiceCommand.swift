import Values

/// A command to be run beside a service.
package struct ServiceCommand: Equatable {
  var service: String
  /// The program and its arguments.
  var words: [String]
  /// What kind of terminal it gets, as `TERM` names it; `nil` for three plain streams.
  var terminal: String?

  package init(service: String, words: [String], terminal: String?) {
    self.service = service
    self.words = words
    self.terminal = terminal
  }

  /// How many descriptors come with it.
  var descriptorCount: Int { terminal == nil ? 3 : 1 }

  /// As it is sent to a supervisor.
  var json: Value {
    var members: [Value.Member] = [
      .init("service", .string(service)), .init("words", .texts(words)),
    ]
    if let terminal { members.append(.init("terminal", .string(terminal))) }
    return .map(members)
  }
}

extension ServiceCommand {
  /// Reads what ``json`` wrote.
  init(json: Value) throws(MalformedMessage) {
    service = try json.text("service")
    words = try json.texts("words")
    terminal = json["terminal"]?.string
  }
}
