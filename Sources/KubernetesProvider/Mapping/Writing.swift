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
  /// Of the controller, from 1: in every selector.
  let generation: Int
  let target: KubernetesTarget
  /// What the cluster can do.
  let facts: EngineFacts
  /// The values of secrets, by key.
  let secrets: [String: SecretValue]
  /// The keyed digests of those values, by key.
  let secretDigests: [String: String]
  /// The target's key of digests.
  let digestKey: [UInt8]?
  /// How many instances the controller is to keep now, 0 where operators stopped it; `nil` if that is an autoscaler's.
  let replicas: Int?
  /// Whether no instance may start before every other one has ended, whatever the strategy says.
  let isOneAtATime: Bool
  /// Whether the controller changes nothing for now.
  let isHeld: Bool
  /// The run that restarted the instances.
  let restartedBy: RunID?

  init(
    key: WorkloadKey, workload: Workload, run: RunID, generation: Int = 1,
    target: KubernetesTarget = KubernetesTarget(), facts: EngineFacts, secrets: [String: SecretValue] = [:],
    secretDigests: [String: String] = [:], digestKey: [UInt8]? = nil, replicas: Int? = nil,
    isOneAtATime: Bool = false, isHeld: Bool = false, restartedBy: RunID? = nil
  ) {
    self.key = key
    self.workload = workload.narrowed(to: KubernetesFields.engine)
    self.run = run
    self.generation = generation
    self.target = target
    self.facts = facts
    self.secrets = secrets
    self.secretDigests = secretDigests
    self.digestKey = digestKey
    self.replicas = replicas
    self.isOneAtATime = isOneAtATime
    self.isHeld = isHeld
    self.restartedBy = restartedBy
  }

  /// What the objects are called.
  var names: ObjectNames { ObjectNames(key: key) }

  /// What only Kubernetes knows of the workload.
  var own: KubernetesWorkload { workload.on[KubernetesWorkload.self] }

  /// As what needs to know the values of secrets is told.
  var context: ActionContext {
    ActionContext(
      key: key, desired: workload, run: run, timeout: .zero, secrets: secrets, secretDigests: secretDigests,
      digestKey: digestKey, engine: KubernetesFields.all)
  }
}

extension Service {
  /// Its texts as its container has them: its root folder is the root of everything, and what it refers to is found by
  /// ``Planning/Addressing/pods``.
  var texts: ServiceTexts { ServiceTexts(root: "") { Addressing.podText(of: $0) } }

  /// Whether it is given files that may hold secrets.
  var hasFilesOfSecrets: Bool {
    self.secrets.contains { !$0.filePaths.isEmpty } || self.configFiles.contains(where: \.holdsSecrets)
  }
}
