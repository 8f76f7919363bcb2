import Planning
import ProviderKit
import WorkloadSpec

extension ProviderContract {
  // MARK: Fields

  static let fieldsCases: [ContractCase] = [
    ContractCase(
      "every field of the language has a row, and every row a field", "fields", isOfServices: false
    ) {
      scene in
      let facts = try await scene.provider.info().facts
      let table = scene.provider.fields(on: facts)
      let engine = scene.provider.traits.engineFields
      let bodies = scene.provider.bodies(on: facts)
      try expect(table.missing(of: bodies, on: engine), is: [], "the fields without a row")
      try expect(table.surplus(of: bodies, on: engine), is: [], "the rows without a field of their own")
      try expect(
        scene.provider.fields(on: facts).rows.map(\.path), is: table.rows.map(\.path), "the same rows again")
    },
    ContractCase(
      "what the engine tells is read from the engine, and not from the stamp", "told",
      units: [.service, .instance]
    ) {
      scene in
      let table = scene.provider.fields(on: try await scene.provider.info().facts)
      let stamped = FieldEdit.prepared(scene.service("api"))
      var made = stamped
      for edit in FieldEdit.all { edit.change(&made) }
      let proxy = scene.service("proxy", .sidecar)
      let observed = try await scene.harness.disguise(
        scene.workload([made, proxy]), as: scene.workload([stamped, proxy]), of: scene.key)
      for edit in FieldEdit.all {
        let row = try require(table["services." + edit.path], "a row for `\(edit.path)`")
        guard row.treatment(in: made) == .enforced(.engine) else { continue }
        try expect(
          edit.value(in: observed.live.service), is: edit.value(in: made), "what is there of `\(edit.path)`")
        try expect(edit.value(in: stamped) != edit.value(in: made), "an edit of `\(edit.path)`")
      }
    },
    ContractCase("a change of what the engine is told touches the service, and of nothing else", "changes") {
      scene in
      let table = scene.provider.fields(on: try await scene.provider.info().facts)
      let proxy = scene.service("proxy", .sidecar)
      // What this engine takes no such values of is not tried.
      let edits = FieldEdit.all.filter { !scene.harness.untriedFields.contains("services." + $0.path) }
      let service = FieldEdit.prepared(scene.service("api"), by: edits)
      let last = scene.workload([service, proxy])
      try await scene.apply(last)
      try expect(
        try await scene.plan(last, last: last).actions.map(\.id), is: [], "the actions of a second plan")
      for edit in edits {
        let row = try require(table["services." + edit.path], "a row for `\(edit.path)`")
        var changed = service
        edit.change(&changed)
        let plan = try await scene.plan(scene.workload([changed, proxy]), last: last)
        let touches = plan.actions.contains { $0.kind != .record }
        try expect(
          touches, is: row.treatment(in: changed).isTold,
          "whether a change of `\(edit.path)` touches the service")
        try expect(
          plan.actions.contains { $0.kind == .record }, "a release with the change of `\(edit.path)`")
      }
    },
  ]
}
