import Diagnostics
import KubernetesAPI
import Planning
import ProviderKit
import WorkloadSpec

/// Runs workloads as the pods of a Kubernetes cluster: a Deployment or a StatefulSet for each, which makes, rolls and mends
/// its instances.
public struct KubernetesProvider: Provider {
  /// What `provider:` of a target in berth.yaml, and the block under `on` of a spec, call it.
  public static let name = "kubernetes"
  /// What it is, in one sentence.
  public static let summary = "pods of a Kubernetes cluster, kept by a Deployment or a StatefulSet"

  /// The release history, the runs and the lock.
  public let store: any ReleaseStore
  /// What the target lets workloads do to machines, and to what berth did not make.
  public let allowed: Set<Permission>

  let connection: ClusterConnection
  let target: KubernetesTarget
  private let region: String?
  private let zone: String?

  /// A provider of a cluster. Nothing is connected to before something is asked for.
  init(
    connection: ClusterConnection, store: any ReleaseStore, target: KubernetesTarget = KubernetesTarget(),
    allowed: Set<Permission> = [], region: String? = nil, zone: String? = nil
  ) {
    self.connection = connection
    self.store = store
    self.target = target
    self.allowed = allowed
    self.region = region
    self.zone = zone
  }

  // MARK: Reading

  /// What can be said without asking a cluster.
  public var traits: ProviderTraits {
    ProviderTraits(
      name: Self.name, summary: Self.summary, unit: .workload, engineFields: KubernetesFields.all,
      addressing: .pods)
  }

  /// What clusters can do, whatever their version is.
  public func capabilities(on facts: EngineFacts) -> Set<Capability> {
    [
      .provision, .deploy, .scale, .logs, .exec, .volumes, .gpu, .rolling, .recreate, .blueGreen, .canary,
      .tls, .before, .adopt,
    ]
  }

  /// The permissions that a service needs by what only Kubernetes knows of it.
  public func ownPermissions(of service: Service) -> [(permission: Permission, field: String)] {
    KubernetesFields.permissions(of: service)
  }

  /// The release history, the runs and the lock, for reading.
  public var history: any ReleaseReader { store }

  /// Makes sure that the cluster answers.
  public func connect() async throws {
    _ = try await KubernetesError.asProviderError { try await connection.client() }
  }

  /// The cluster, told apart by its namespace `kube-system`.
  public func info() async throws -> ProviderInfo {
    try await KubernetesError.asProviderError {
      let client = try await connection.client()
      return ProviderInfo(
        identity: try await connection.identity(), version: client.version.description, region: region,
        location: zone ?? client.access.server.host, facts: try await connection.facts())
    }
  }

  /// Whether the cluster answers.
  public func health() async -> ProviderHealth {
    await ProviderHealth.asking {
      let client = try await connection.client()
      _ = try await client.server.document(at: "/version")
      return (true, "\(client.access.server) answers")
    }
  }

  /// What is listed of the workloads: one list for each kind and namespace. A cluster hides nothing from a usual look.
  public func observe(_ keys: [WorkloadKey], deeply: Bool) async -> Answers<Observation> {
    await Answers(
      of: keys,
      together: {
        try await KubernetesError.asProviderError {
          async let engine = connection.identity()
          let listing = try await ClusterListing(of: keys, on: connection)
          let (identity, facts) = (try await engine, try await connection.facts())
          return await Answers(of: keys) { key in
            WorkloadObserver(
              engine: identity, key: key, found: listing.objects(of: key), facts: facts,
              gaps: listing.gaps(in: key.namespace)
            ).observation()
          }
        }
      })
  }

  /// What a cluster can't be asked for, and whether it has the namespace.
  public func assess(
    _ workload: Workload, as key: WorkloadKey, given observation: Observation
  ) async throws -> Diagnostics {
    try await KubernetesError.asProviderError {
      let client = try await connection.client()
      return try await Assessment(
        client: client, sight: try await connection.sight(of: key.namespace), target: target,
        facts: try await connection.facts()
      ).assess(workload, as: key, given: observation)
    }
  }

  /// What another client made on the workload's names.
  public func adoptable(
    for workload: Workload, as key: WorkloadKey, _ request: AdoptionRequest, given observation: Observation
  ) async throws -> Adoptable {
    try await KubernetesError.asProviderError {
      try await adoptionFinder().find(workload, as: key, request, given: observation)
    }
  }

  /// What goes with the pods of what was adopted.
  public func obstacles(to plan: Plan, given observation: Observation) async throws -> Diagnostics {
    try await KubernetesError.asProviderError {
      try await adoptionFinder().leavings(by: plan, given: observation)
    }
  }

  private func adoptionFinder() async throws -> AdoptionFinder {
    AdoptionFinder(
      client: try await connection.client(), engine: try await connection.identity(), target: target,
      facts: try await connection.facts())
  }

  /// What the cluster's dry run would refuse.
  public func objections(to plan: Plan) async throws -> Diagnostics {
    try await KubernetesError.asProviderError {
      try await ServerCheck(
        client: try await connection.client(), target: target, facts: try await connection.facts()
      ).objections(to: plan)
    }
  }

  /// The rows of pods' templates.
  public func fields(on facts: EngineFacts) -> FieldTable { KubernetesTable.on(facts).table }

  /// What is in a template costs new pods; everything else is changed in place.
  public func impact(of change: ServiceChange, on facts: EngineFacts) -> ImpactStatement {
    KubernetesTable.on(facts).impact(of: change)
  }

  /// Lines that services wrote, also those of what runs once per run.
  public func logs(of key: WorkloadKey, matching query: LogQuery) -> AsyncThrowingStream<LogLine, any Error> {
    AsyncThrowingStream { continuation in
      let task = Task {
        do {
          try await KubernetesError.asProviderError {
            let reader = PodLogReader(
              client: try await connection.client(), namespace: key.namespace,
              selection: Selection(labels: key.selector), query: query
            ) { $0.instance }
            try await reader.read { continuation.yield($0) }
          }
          continuation.finish()
        } catch is CancellationError {
          continuation.finish()
        } catch {
          continuation.finish(throwing: error)
        }
      }
      continuation.onTermination = { _ in task.cancel() }
    }
  }

  /// What the cluster's metrics API measures of the pods.
  public func usage(of key: WorkloadKey) async throws -> [ServiceUsage] {
    try await KubernetesError.asProviderError {
      try await PodUsageReader(
        client: try await connection.client(), namespace: key.namespace,
        selection: Selection(labels: key.selector)
      ) { $0.isOfJob ? nil : $0.instance }.read()
    }
  }

  // MARK: Writing

  /// Performs one action by the cluster's own calls.
  public func perform(_ action: Action, in context: ActionContext) async throws {
    try await KubernetesError.asActionError {
      try await ActionPerformer(
        client: try await connection.client(), context: context, target: target,
        facts: try await connection.facts()
      ).perform(action)
    }
  }
  /// Runs a command in a service's container.
  public func exec(
    _ request: ExecRequest, input: any AsyncSequence<ProviderKit.ExecInput, Never> & Sendable,
    output: @escaping @Sendable (ProviderKit.ExecOutput) async throws -> Void
  ) async throws -> Int32 {
    try await KubernetesError.asActionError {
      let client = try await connection.client()
      let key = request.key
      let pods = try await client.objects(.pods).list(
        in: key.namespace, Selection(labels: key.selector)
      ).items
      guard let pod = pods.first(where: { !$0.isOfJob && $0.instance == request.instance }) else {
        throw ActionFailure("`\(key.name)` has no instance \(request.instance)")
      }
      return try await PodCommand(client: client, namespace: key.namespace, pod: pod, request: request).run(
        input: input, output: output)
    }
  }
}

extension WorkloadKey {
  /// The labels by which all that is the workload's is listed.
  var selector: String { "\(Mark.managedBy)=\(Mark.berth),\(Mark.workload)=\(name)" }
}
