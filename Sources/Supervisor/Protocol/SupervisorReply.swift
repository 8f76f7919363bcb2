import Values

/// What a supervisor answers.
package enum SupervisorReply {
  /// The version of the protocol that will be spoken.
  case hello(version: Int64)
  /// What is true now.
  case record(InstanceRecord)
  /// A put was taken; its outcome can be waited for by this number.
  case accepted(attempt: Int64)
  /// It is done, or has come about, and there is nothing to wait for.
  case done
  /// It can't come about any more.
  case failed(String)
  /// It has not come about yet.
  case pending(String?)
  /// A command has ended, or could not be started for this reason.
  case ended(exitCode: Int64, reason: String?)
  /// The request was not understood.
  case refused(String)

  /// As it is sent.
  var json: Value {
    switch self {
    case .hello(let version): ["reply": "hello", "version": .int(version)]
    case .record(let record): ["reply": "record", "record": record.json]
    case .accepted(let attempt): ["reply": "accepted", "attempt": .int(attempt)]
    case .done: ["reply": "done"]
    case .failed(let message): ["reply": "failed", "message": .string(message)]
    case .pending(let message):
      ["reply": "pending", "message": message.map { .string($0) } ?? .null]
    case .ended(let exitCode, let reason):
      ["reply": "ended", "exitCode": .int(exitCode), "reason": reason.map { .string($0) } ?? .null]
    case .refused(let message): ["reply": "refused", "message": .string(message)]
    }
  }

  /// Reads what ``json`` wrote.
  package init(json: Value) throws(MalformedMessage) {
    switch try json.text("reply") {
    case "hello": self = .hello(version: try json.number("version"))
    case "record": self = .record(try InstanceRecord(json: try json.member("record")))
    case "accepted": self = .accepted(attempt: try json.number("attempt"))
    case "done": self = .done
    case "failed": self = .failed(try json.text("message"))
    case "pending": self = .pending(json["message"]?.string)
    case "ended": self = .ended(exitCode: try json.number("exitCode"), reason: json["reason"]?.string)
    case "refused": self = .refused(try json.text("message"))
    case let other: throw MalformedMessage("an unknown reply `\(other)`")
    }
  }
}
