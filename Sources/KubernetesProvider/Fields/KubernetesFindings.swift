import Diagnostics
import Planning
import ProviderKit
import WorkloadSpec

extension KubernetesTable {
  /// What a person should know before a workload runs on a cluster, as far as the spec and the cluster's facts tell: what
  /// can't be written at all, which order is not kept, and what the rows say.
  func findings(on workload: Workload, as key: WorkloadKey, facts: EngineFacts) -> Diagnostics {
    var diagnostics = Diagnostics()
    NameRule.check(workload, into: &diagnostics)
    let writing = Writing(
      key: key, workload: workload.ofInstances, run: RunID("none"), facts: facts)
    let pods = [writing.workload.services] + workload.befores.map { [$0] }
    var refusals = SizeRule.refusals(writing)
    for services in pods {
      let more = PodTemplate(of: services, writing, config: [:]).draft.refusals
      refusals += more.filter { !refusals.contains($0) }
    }
    for refusal in refusals { diagnostics.report(refusal.code, refusal.message, help: refusal.help) }
    for (service, dependency) in PodOrder.unkept(writing.workload.services, on: facts) {
      diagnostics.report(
        .orderNotKept,
        "`\(service)` depends on `\(dependency)`, and both start at the same time on this cluster",
        help: facts.obstacle(to: .nativeSidecars) ?? "only what `main` needs is waited for, and each init")
    }
    if workload.kind.hasStableInstances, workload.strategy.type == .recreate {
      diagnostics.report(
        .providerNote, "a stateful set goes on one pod at a time, also with `type: recreate`",
        help: "stop the workload first if no old pod may run beside a new one")
    }
    for service in workload.services where workload.kind.hasStableInstances && service.hostname != nil {
      diagnostics.report(
        .providerNote,
        "`hostname` of `\(service.name)` has no effect: each pod of a stateful set has its own name")
    }
    diagnostics.append(contentsOf: table.notes(on: workload))
    return diagnostics
  }
}
