import Planning
import Values

extension WorkloadKey {
  /// As stores write it down.
  package var json: Value { ["namespace": .string(namespace), "workload": .string(name)] }

  /// Reads what ``json`` wrote.
  package init(json: Value?) throws(MalformedRecord) {
    let members = RecordMembers(json)
    self.init(namespace: try members.text("namespace"), name: try members.text("workload"))
  }
}

extension Run {
  /// As stores write it down.
  package var json: Value {
    guard let policyOverride else { return ofAny }
    return .map((ofAny.members ?? []) + [.init("policyOverride", policyOverride.plain)])
  }

  /// What every run has.
  private var ofAny: Value {
    [
      "id": .string(id.description), "key": key.json, "intent": .string(intent.text),
      "startedAt": .int(startedAt.milliseconds), "endedAt": endedAt.map { .int($0.milliseconds) } ?? .null,
      "outcome": .string(outcome.rawValue), "by": .string(by), "summary": .string(summary),
      "failure": Value(failure), "release": Value(release), "savedPlan": Value(savedPlan),
    ]
  }

  /// Reads what ``json`` wrote.
  package init(json: Value?) throws(MalformedRecord) {
    let members = RecordMembers(json)
    self.init(
      id: RunID(try members.text("id")), key: try WorkloadKey(json: members.json["key"]),
      intent: try members.word("intent", RunIntent.init(text:)), startedAt: try members.moment("startedAt"),
      endedAt: members.json["endedAt"]?.int.map { Timestamp(milliseconds: $0) },
      outcome: try members.word("outcome", RunOutcome.init(rawValue:)), by: try members.text("by"),
      summary: try members.text("summary"), failure: members.optionalText("failure"),
      release: members.optionalNumber("release"), savedPlan: members.optionalText("savedPlan"),
      policyOverride: members.json["policyOverride"].flatMap(PolicyOverride.init(plain:)))
  }
}
