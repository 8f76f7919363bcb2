import Values

/// Answers to requests for evaluations and deployments.
extension Router {
  mutating func evaluations(_ rest: String) -> FakeAnswer {
    guard allows("read-job") || namespace == "*" else { return Self.denied }
    let found = state.evaluations.values.filter { isWanted($0.job.namespace) }
    return list(found.map { ($0.id, $0.json(state.clock)) }, .evaluations, "Evaluation")
  }

  mutating func evaluation(_ rest: String) -> FakeAnswer {
    guard allows("read-job") else { return Self.denied }
    if rest.hasSuffix("/allocations") {
      let id = String(rest.dropLast("/allocations".count))
      let found = state.allocations.values.filter { $0.evaluation == id }
      return list(
        found.map { ($0.id, $0.stub(state.clock, resources: false)) }, .allocations, "AllocationListStub")
    }
    guard let found = state.evaluations[rest] else { return absent("eval not found", .evaluations) }
    return .json(found.json(state.clock), index: found.modifyIndex, shape: .object("Evaluation"))
  }

  mutating func deployments(_ rest: String) -> FakeAnswer {
    guard allows("read-job") || namespace == "*" else { return Self.denied }
    let prefix = request["prefix"] ?? ""
    let found = state.deployments.values.filter { isWanted($0.job.namespace) && $0.id.hasPrefix(prefix) }
    return list(found.map { ($0.id, $0.json(state.clock)) }, .deployments, "Deployment")
  }

  mutating func deployment(_ rest: String) -> FakeAnswer {
    let parts = rest.split(separator: "/").map(String.init)
    if parts.count == 1 {
      guard allows("read-job") else { return Self.denied }
      guard let found = state.deployments[rest] else { return absent("deployment not found", .deployments) }
      return .json(found.json(state.clock), index: found.modifyIndex, shape: .object("Deployment"))
    }
    guard parts.count == 2 else { return .text(404, "resource not found") }
    let (action, id) = (parts[0], parts[1])
    if action == "allocations" {
      guard allows("read-job") else { return Self.denied }
      let found = state.allocations.values.filter { $0.deployment == id }
      return list(
        found.map { ($0.id, $0.stub(state.clock, resources: false)) }, .allocations, "AllocationListStub")
    }
    guard isWriting else { return .text(405, "Invalid method") }
    guard allows("submit-job") else { return Self.denied }
    guard let found = state.deployments[id] else { return .text(500, "deployment not found") }
    if action != "fail", request.json?.text("DeploymentID") != id {
      return .text(400, "Deployment ID does not match")
    }
    let outcome: FakeOutcome<String>
    switch action {
    case "fail":
      guard found.isActive else { return .text(500, "can't fail terminal deployment") }
      state.fail(id, "Deployment marked as failed")
      outcome = .done(newestEvaluation(of: found.job))
    case "pause": outcome = state.pause(id, request.json?.flag("Pause") ?? false)
    case "promote":
      let groups =
        request.json?.flag("All") == true ? nil : request.json?.elements("Groups").compactMap(\.string)
      outcome = state.promote(id, groups: groups)
    case "unblock": outcome = .refused(500, "can't unblock running deployment")
    case "allocation-health":
      guard found.isActive else {
        return .text(500, "can't set health of allocations for a terminal deployment")
      }
      for key in ["HealthyAllocationIDs", "UnhealthyAllocationIDs"] {
        for allocation in request.json?.elements(key).compactMap(\.string) ?? [] {
          state.judge(allocation, isHealthy: key == "HealthyAllocationIDs")
        }
      }
      outcome = .done(newestEvaluation(of: found.job))
    default: return .text(404, "resource not found")
    }
    switch outcome {
    case .refused(let status, let words): return .text(status, words)
    case .done(let evaluation):
      return .json(
        [
          "EvalID": .string(evaluation), "EvalCreateIndex": .state(state.index),
          "DeploymentModifyIndex": .state(state.index), "RevertedJobVersion": .null,
          "Index": .state(state.index),
        ], index: state.index, shape: .object("DeploymentUpdateResponse"))
    }
  }

  private func newestEvaluation(of key: FakeKey) -> String {
    state.evaluations.values.filter { $0.job == key }.max { $0.createIndex < $1.createIndex }?.id ?? ""
  }
}
