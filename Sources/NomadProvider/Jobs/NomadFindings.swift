import Diagnostics
import Planning
import ProviderKit
import WorkloadSpec

extension NomadTable {
  /// What a person should know before a workload runs on a cluster, as far as the spec, the target and the cluster's facts tell:
  /// what can't be written at all, which order is not kept, and what the rows say.
  func findings(on workload: Workload, _ writing: Writing) -> Diagnostics {
    var diagnostics = Diagnostics()
    let facts = writing.facts
    NameRule.check(workload, into: &diagnostics)
    for services in [writing.workload.ofInstances.services] + workload.befores.map({ [$0] }) {
      let job = services.first.map { $0.role == .before ? writing.names.job(of: $0.name) : writing.names.job }
      let group = GroupTemplate(of: services, job: job ?? writing.names.job, writing) { _ in [:] }
      for refusal in group.draft.refusals {
        diagnostics.report(refusal.code, refusal.message, help: refusal.help)
      }
    }
    for (service, dependency) in TaskOrder.unkept(workload.ofInstances.services) {
      diagnostics.report(
        .orderNotKept, "`\(service)` waits for `\(dependency)`, and Nomad does not wait for it",
        help: "Nomad waits until inits have ended and until sidecars that `main` needs run, and no longer")
    }
    if facts.obstacle(to: .variables) != nil, workload.services.contains(where: { !$0.secretUses.isEmpty }) {
      diagnostics.report(
        .providerNote,
        "the values of secrets stand in the job itself, where all can read them who may read jobs: \(facts.obstacle(to: .variables) ?? "")",
        help: "give only its operators `read-job` in the namespace")
    }
    noteChecks(workload, facts, &diagnostics)
    noteAmounts(workload, &diagnostics)
    if workload.kind.hasStableInstances,
      workload.strategy.type == .blueGreen || workload.strategy.type == .canary
    {
      diagnostics.report(
        .providerNote,
        "the instances of a stateful set go one after the other, also with `type: \(workload.strategy.type.rawValue)`: there is one volume for a place"
      )
    }
    diagnostics.append(contentsOf: table.notes(on: workload))
    return diagnostics
  }

  private func noteChecks(_ workload: Workload, _ facts: EngineFacts, _ diagnostics: inout Diagnostics) {
    let portless = workload.services.filter { service in
      guard case .command = service.healthCheck?.probe else { return false }
      return facts.registry == .consul && service.ports.isEmpty
    }
    for service in portless {
      diagnostics.report(
        .providerNote,
        "the check of `\(service.name)` is not made, since it has no port under which Consul could know it",
        help:
          "add a port, or leave the check out: it counts as healthy when it has run for `on.nomad.minHealthyTime`"
      )
    }
  }

  private func noteAmounts(_ workload: Workload, _ diagnostics: inout Diagnostics) {
    let names = workload.services.filter {
      $0.resources.memory == nil && $0.resources.reservations.memory == nil
        && $0.on[NomadService.self].config.value["memory_hard_limit"] == nil
    }.map { "`\($0.name)`" }
    guard !names.isEmpty else { return }
    diagnostics.report(
      .providerNote,
      "\(names.joined(separator: ", ")) may use 300 MiB of memory: Nomad limits what a spec leaves open",
      help: "state `resources: {memory: …}`")
  }
}
