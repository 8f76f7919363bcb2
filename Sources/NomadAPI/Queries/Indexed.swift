import Wire

/// What an agent answered, and of which state that is.
package struct Indexed<Value: Sendable>: Sendable {
  package let value: Value
  /// The state: with it as ``Query/index``, a read waits for what is newer.
  package let index: UInt64
  /// How long ago the server that answered heard of the leader.
  package let lastContact: Duration
  /// Whether the server that answered knows a leader.
  package let knowsLeader: Bool

  package init(_ value: Value, index: UInt64, lastContact: Duration = .zero, knowsLeader: Bool = true) {
    self.value = value
    self.index = index
    self.lastContact = lastContact
    self.knowsLeader = knowsLeader
  }

  init(_ value: Value, of answer: Answer) {
    let contact = answer.headers.first(name: "X-Nomad-LastContact").flatMap { Int64($0) } ?? 0
    self.init(
      value, index: answer.index, lastContact: .milliseconds(contact),
      knowsLeader: answer.headers.first(name: "X-Nomad-KnownLeader") != "false")
  }

  /// The same of another value.
  package func map<Other>(_ transform: (Value) throws -> Other) rethrows -> Indexed<Other> {
    Indexed<Other>(try transform(value), index: index, lastContact: lastContact, knowsLeader: knowsLeader)
  }
}

extension Indexed: Equatable where Value: Equatable {}
