import Planning
import WorkloadSpec

/// A record that makes no sense.
struct MalformedRecord: Error {}

extension Value {
  /// The text under a key.
  func text(_ key: String) throws(MalformedRecord) -> String {
    guard let text = self[key]?.string else { throw MalformedRecord() }
    return text
  }

  /// The whole number under a key.
  func number(_ key: String) throws(MalformedRecord) -> Int {
    guard let number = self[key]?.int else { throw MalformedRecord() }
    return Int(number)
  }

  /// The number under a key that counts something, and is counted up.
  func count(_ key: String) throws(MalformedRecord) -> Int {
    guard let count = Int32(exactly: try number(key)), count >= 0 else { throw MalformedRecord() }
    return Int(count)
  }

  /// The moment under a key.
  func moment(_ key: String) throws(MalformedRecord) -> Timestamp {
    Timestamp(milliseconds: Int64(try number(key)))
  }

  /// What the text under a key stands for.
  func word<Result>(_ key: String, _ read: (String) -> Result?) throws(MalformedRecord) -> Result {
    guard let result = read(try text(key)) else { throw MalformedRecord() }
    return result
  }

  /// The whole number under a key, if there is one.
  func optionalNumber(_ key: String) -> Int? { self[key]?.int.map { Int($0) } }
}

extension WorkloadKey {
  var json: Value { ["namespace": .string(namespace), "workload": .string(name)] }

  init(json: Value) throws(MalformedRecord) {
    self.init(namespace: try json.text("namespace"), name: try json.text("workload"))
  }
}

extension Run {
  var json: Value {
    [
      "id": .string(id.description), "key": key.json, "intent": .string(intent.text),
      "startedAt": .int(startedAt.milliseconds), "endedAt": endedAt.map { .int($0.milliseconds) } ?? .null,
      "outcome": .string(outcome.rawValue), "by": .string(by), "summary": .string(summary),
      "failure": Value(failure), "release": Value(release), "savedPlan": Value(savedPlan),
    ]
  }

  init(json: Value) throws(MalformedRecord) {
    self.init(
      id: RunID(try json.text("id")), key: try WorkloadKey(json: json["key"] ?? .null),
      intent: try json.word("intent", RunIntent.init(text:)), startedAt: try json.moment("startedAt"),
      endedAt: json["endedAt"]?.int.map { Timestamp(milliseconds: $0) },
      outcome: try json.word("outcome", RunOutcome.init(rawValue:)), by: try json.text("by"),
      summary: try json.text("summary"), failure: json["failure"]?.string,
      release: json.optionalNumber("release"), savedPlan: json["savedPlan"]?.string)
  }
}

extension Release {
  var json: Value {
    [
      "number": Value(number), "key": key.json, "snapshot": snapshot?.plain ?? .null,
      "recordedAt": .int(recordedAt.milliseconds), "by": .string(by), "run": .string(run.description),
      "provenance": .map(
        provenance.sorted { $0.key < $1.key }.map { .init($0.key, $0.value.plain) }),
      "restoredFrom": Value(restoredFrom), "set": Value(setName),
    ]
  }

  init(json: Value) throws(MalformedRecord) {
    var provenance: [String: Provenance] = [:]
    for member in json["provenance"]?.members ?? [] {
      guard let origin = Provenance(plain: member.value) else { throw MalformedRecord() }
      provenance[member.key] = origin
    }
    self.init(
      number: try json.count("number"), key: try WorkloadKey(json: json["key"] ?? .null),
      snapshot: try Self.snapshot(json["snapshot"] ?? .null), recordedAt: try json.moment("recordedAt"),
      by: try json.text("by"), run: RunID(try json.text("run")), provenance: provenance,
      restoredFrom: json.optionalNumber("restoredFrom"), setName: json["set"]?.string)
  }

  private static func snapshot(_ json: Value) throws(MalformedRecord) -> Workload? {
    if json == .null { return nil }
    do { return try Workload(json: CanonicalJSON.compact(json)) } catch { throw MalformedRecord() }
  }
}

extension JournalEntry {
  var json: Value {
    [
      "run": .string(run.description), "action": .string(action.description),
      "event": .string(event.rawValue), "at": .int(at.milliseconds), "message": Value(message),
    ]
  }

  init(json: Value) throws(MalformedRecord) {
    self.init(
      run: RunID(try json.text("run")), action: ActionID(try json.text("action")),
      event: try json.word("event", JournalEvent.init(rawValue:)), at: try json.moment("at"),
      message: json["message"]?.string)
  }
}
