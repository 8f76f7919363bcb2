import Planning
import Values
import WorkloadSpec

extension Release {
  /// As stores write it down, with the whole snapshot under `snapshot`.
  package var json: Value {
    guard let policyOverride else { return ofAny }
    return .map((ofAny.members ?? []) + [.init("policyOverride", policyOverride.plain)])
  }

  /// What every release has.
  private var ofAny: Value {
    [
      "number": Value(number), "key": key.json, "snapshot": snapshot?.plain ?? .null,
      "recordedAt": .int(recordedAt.milliseconds), "by": .string(by), "run": .string(run.description),
      "provenance": ProvenanceJSON.write(provenance), "restoredFrom": Value(restoredFrom),
      "set": Value(setName),
    ]
  }

  /// Reads what ``json`` wrote.
  package init(json: Value?) throws(MalformedRecord) {
    let members = RecordMembers(json)
    self.init(
      number: try members.count("number"), key: try WorkloadKey(json: members.json["key"]),
      snapshot: try Self.snapshot(members.json["snapshot"] ?? .null),
      recordedAt: try members.moment("recordedAt"), by: try members.text("by"),
      run: RunID(try members.text("run")),
      provenance: try ProvenanceJSON.read(members.json["provenance"]),
      restoredFrom: members.optionalNumber("restoredFrom"), setName: members.optionalText("set"),
      policyOverride: members.json["policyOverride"].flatMap(PolicyOverride.init(plain:)))
  }

  private static func snapshot(_ json: Value) throws(MalformedRecord) -> Workload? {
    if json == .null { return nil }
    do { return try Workload(json: CanonicalJSON.compact(json)) } catch { throw MalformedRecord() }
  }

  /// What a draft becomes.
  package init(_ draft: ReleaseDraft, number: Int, of key: WorkloadKey, at: Timestamp, run: RunID) {
    self.init(
      number: number, key: key, snapshot: draft.snapshot, recordedAt: at, by: draft.by, run: run,
      provenance: draft.provenance, restoredFrom: draft.restoredFrom, setName: draft.setName,
      policyOverride: draft.policyOverride)
  }
}

/// Where services' specs come from, as stores write it down:
/// `{"api": {"commit": "…", "dirty": false, "author": "…", "repository": "…"}}`, ordered by service.
package enum ProvenanceJSON {
  package static func write(_ provenance: [String: Provenance]) -> Value {
    .map(provenance.sorted { $0.key < $1.key }.map { .init($0.key, $0.value.plain) })
  }

  /// Reads what ``write(_:)`` wrote; where nothing is written, nothing is known.
  package static func read(_ json: Value?) throws(MalformedRecord) -> [String: Provenance] {
    var provenance: [String: Provenance] = [:]
    for member in json?.members ?? [] {
      guard let origin = Provenance(plain: member.value) else {
        throw MalformedRecord("where `\(member.key)` comes from")
      }
      provenance[member.key] = origin
    }
    return provenance
  }
}
