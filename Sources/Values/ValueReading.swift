extension Value {
  /// Reads JSON that ``CanonicalJSON`` wrote, or any other in which no key stands twice. A number that is no whole one is
  /// kept as the text that it is written as.
  ///
  /// - Throws: ``JSONFailure`` if the text is no such JSON.
  public init(json: String) throws(JSONFailure) {
    try self.init(JSON(parsing: json.utf8))
  }

  private init(_ json: JSON) throws(JSONFailure) {
    switch json {
    case .null: self = .null
    case .bool(let truth): self = .bool(truth)
    case .int(let number): self = .int(number)
    case .number(let text), .string(let text): self = .string(text)
    case .array(let elements):
      var values: [Value] = []
      values.reserveCapacity(elements.count)
      for element in elements { values.append(try Value(element)) }
      self = .list(values)
    case .object(let members):
      var keys: Set<String> = []
      var values: [Member] = []
      values.reserveCapacity(members.count)
      for member in members {
        guard keys.insert(member.key).inserted else {
          throw JSONFailure(message: "the key `\(member.key)` stands twice", offset: 0)
        }
        values.append(Member(member.key, try Value(member.value)))
      }
      self = .map(values)
    }
  }
}
