import Planning
import ProviderKit
import Values
import WorkloadSpec

@testable import NomadProvider

/// Plans against a job that was written, as an observation would tell it.
struct MappingPlan {
  let facts: EngineFacts
  var target = NomadTarget()

  func plan(_ desired: Workload, last: Workload?, on job: JSON) throws -> Plan {
    let key = MappingCase.key(of: desired)
    guard let reading = JobReading(job, key: key, target: target, facts: facts) else {
      throw ProviderError("the job is none of the workload's")
    }
    let release = last.map {
      Release(
        number: 1, key: key, snapshot: $0, recordedAt: Timestamp(milliseconds: 0), by: "test",
        run: RunID("run-1"))
    }
    let observation = Observation(
      engine: EngineIdentity(provider: NomadFields.engine, id: "test"),
      controller: ObservedController(
        template: reading.services, replicas: reading.replicas, strategy: reading.strategy, progress: .settled
      ))
    let facts = facts
    return try Planner.plan(
      PlanInput(
        key: key, target: "test", intent: .apply, desired: desired, observation: observation,
        lastRelease: release, secretDigests: Writing.digestsOfValues,
        addresses: AddressBook(of: desired, by: .pods, given: observation), unit: .workload,
        engine: NomadFields.all, impact: { NomadTable.on(facts).impact(of: $0) }))
  }
}
