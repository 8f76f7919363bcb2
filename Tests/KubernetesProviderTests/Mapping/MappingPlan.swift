import KubernetesAPI
import Planning
import ProviderKit
import Testing
import Values
import WorkloadSpec

@testable import KubernetesProvider

/// Plans against objects that were written, as an observation would tell them.
struct MappingPlan {
  private let facts: EngineFacts

  init(_ facts: EngineFacts) { self.facts = facts }

  func plan(
    _ desired: Workload, last: Workload?, on objects: [KubernetesObject], namespace: String = "team"
  )
    throws -> Plan
  {
    let reading = try #require(ControllerReading.of(objects, desired, facts, namespace: namespace))
    let key = WorkloadKey(namespace: namespace, name: desired.name)
    let release = last.map {
      Release(
        number: 1, key: key, snapshot: $0, recordedAt: Timestamp(milliseconds: 0), by: "test",
        run: RunID("run-1"))
    }
    let observation = Observation(
      engine: EngineIdentity(provider: KubernetesFields.engine, id: "test"),
      controller: ObservedController(
        template: reading.services, replicas: reading.replicas, strategy: reading.strategy, progress: .settled
      ))
    let facts = facts
    return try Planner.plan(
      PlanInput(
        key: key, target: "test", intent: .apply, desired: desired, observation: observation,
        lastRelease: release, secretDigests: Writing.test(desired, facts).secretDigests,
        addresses: AddressBook(of: desired, by: .pods, given: observation), unit: .workload,
        engine: KubernetesFields.all, impact: { KubernetesTable.on(facts).impact(of: $0) }))
  }
}
