import Planning
import ProviderKit
import Secrets
import WorkloadSpec

/// All that decides how a workload is written on a cluster.
struct Writing: Sendable {
  /// Whose it is.
  let key: WorkloadKey
  /// What is wanted, without what is said on other engines, and without the services that run once per run.
  let workload: Workload
  let run: RunID
  let target: NomadTarget
  /// What the cluster can do.
  let facts: EngineFacts
  /// The values of secrets, by key; `nil` where the job is made to be compared with, and not to be written.
  let secrets: [String: SecretValue]?
  /// The keyed digests of those values, by key.
  let secretDigests: [String: String]
  /// The target's key of digests.
  let digestKey: [UInt8]?
  /// How many instances there are to be now, 0 where operators stopped it.
  let replicas: Int
  /// How a change is rolled out.
  let rollout: Rollout
  /// Whether no instance may start before every other one has ended, whatever the strategy says.
  let isOneAtATime: Bool

  init(
    key: WorkloadKey, workload: Workload, run: RunID, target: NomadTarget = NomadTarget(), facts: EngineFacts,
    secrets: [String: SecretValue]? = nil, secretDigests: [String: String] = [:], digestKey: [UInt8]? = nil,
    replicas: Int = 1, rollout: Rollout = Rollout(), isOneAtATime: Bool = false
  ) {
    self.key = key
    self.workload = workload.narrowed(to: NomadFields.engine)
    self.run = run
    self.target = target
    self.facts = facts
    self.secrets = secrets
    self.secretDigests = secretDigests
    self.digestKey = digestKey
    self.replicas = replicas
    self.rollout = rollout
    self.isOneAtATime = isOneAtATime
  }

  /// What the jobs are called.
  var names: JobNames { JobNames(key: key) }

  /// What only Nomad knows of the workload.
  var own: NomadWorkload { workload.on[NomadWorkload.self] }

  /// As what needs to know the values of secrets is told.
  var context: ActionContext {
    ActionContext(
      key: key, desired: workload, run: run, timeout: .zero, secrets: secrets ?? [:],
      secretDigests: secretDigests, digestKey: digestKey, engine: NomadFields.all)
  }

  /// How instances are connected.
  var network: InstanceNetwork { InstanceNetwork(own.network, facts.driver) }
}
