import Diagnostics
import NomadAPI
import Planning
import ProviderKit
import WorkloadSpec

/// Runs workloads as the allocations of a Nomad cluster: a job for each, whose instances Nomad places, rolls and mends.
public struct NomadProvider: Provider {
  /// What `provider:` of a target in berth.yaml, and the block under `on` of a spec, call it.
  public static let name = NomadFields.engine
  /// What it is, in one sentence.
  public static let summary = "allocations of a Nomad cluster, kept by a job"

  /// The release history, the runs and the lock.
  public let store: any ReleaseStore
  /// What the target lets workloads do to machines, and to what berth did not make.
  public let allowed: Set<Permission>

  let connection: NomadConnection
  private let target: NomadTarget
  private let region: String?
  private let zone: String?

  /// A provider of a cluster. Nothing is connected to before something is asked for.
  init(
    connection: NomadConnection, store: any ReleaseStore, target: NomadTarget = NomadTarget(),
    allowed: Set<Permission> = [], region: String? = nil, zone: String? = nil
  ) {
    (self.connection, self.store, self.target) = (connection, store, target)
    (self.allowed, self.region, self.zone) = (allowed, region, zone)
  }

  // MARK: Reading

  /// What can be said without asking a cluster.
  public var traits: ProviderTraits {
    ProviderTraits(
      name: Self.name, summary: Self.summary, unit: .workload, engineFields: NomadFields.all,
      addressing: .pods)
  }

  /// What clusters can do, whatever their version is.
  public func capabilities(on facts: EngineFacts) -> Set<Capability> {
    [
      .provision, .deploy, .scale, .logs, .exec, .volumes, .gpu, .rolling, .recreate, .blueGreen, .canary,
      .tls,
      .before,
    ]
  }

  /// The permissions that a service needs by what only Nomad knows of it.
  public func ownPermissions(of service: Service) -> [(permission: Permission, field: String)] {
    NomadFields.permissions(of: service)
  }

  /// The release history, the runs and the lock, for reading.
  public var history: any ReleaseReader { store }

  /// Makes sure that the cluster answers.
  public func connect() async throws {
    _ = try await NomadError.asProviderError { try await connection.client() }
  }

  /// The cluster, told apart by its address and its region.
  public func info() async throws -> ProviderInfo {
    try await NomadError.asProviderError {
      let client = try await connection.client()
      return ProviderInfo(
        identity: try await connection.identity(), version: client.version?.description ?? "unknown",
        region: region ?? client.agent?.region, location: zone ?? client.agent?.datacenter,
        facts: try await connection.facts())
    }
  }

  /// Whether the cluster answers, and has a leader.
  public func health() async -> ProviderHealth {
    await ProviderHealth.asking {
      let client = try await connection.client()
      let hasLeader = try await !client.cluster.leader().isEmpty
      return (
        hasLeader, hasLeader ? "\(client.access.server) answers" : "the servers have no leader"
      )
    }
  }

  /// What is listed of the workloads: one list for each kind and namespace. A cluster hides nothing from a usual look.
  public func observe(_ keys: [WorkloadKey], deeply: Bool) async -> Answers<Observation> {
    await Answers(
      of: keys,
      together: {
        try await NomadError.asProviderError {
          let listing = try await ClusterListing(of: keys, on: try await connection.client())
          let (identity, facts) = (try await connection.identity(), try await connection.facts())
          return await Answers(of: keys) { key in
            WorkloadObserver(
              engine: identity, key: key, found: listing.jobs(of: key), target: target, facts: facts
            ).observation()
          }
        }
      })
  }

  /// What a cluster can't be asked for, whether the namespace is there, and, where the token may ask, whether the scheduler finds
  /// places for the instances.
  public func assess(
    _ workload: Workload, as key: WorkloadKey, given observation: Observation
  ) async throws -> Diagnostics {
    try await NomadError.asProviderError {
      let facts = try await connection.facts()
      let writing = Writing(key: key, workload: workload, run: RunID("none"), target: target, facts: facts)
      var findings = NomadTable.on(facts).findings(on: workload, writing)
      guard !findings.hasErrors else { return findings }
      findings.append(
        contentsOf: try await Assessment(connection: connection, key: key, target: target, facts: facts)
          .findings(on: workload.ofInstances, given: observation))
      return findings
    }
  }

  /// The rows of jobs.
  public func fields(on facts: EngineFacts) -> FieldTable { NomadTable.on(facts).table }

  /// What a task is made of costs new instances; everything else is changed in place.
  public func impact(of change: ServiceChange, on facts: EngineFacts) -> ImpactStatement {
    NomadTable.on(facts).impact(of: change)
  }

  /// Lines that services wrote, also those of what runs once per run.
  public func logs(of key: WorkloadKey, matching query: LogQuery) -> AsyncThrowingStream<LogLine, any Error> {
    AsyncThrowingStream { continuation in
      let task = Task {
        do {
          try await NomadError.asProviderError {
            try await AllocationLogReader(client: try await connection.client(), key: key, query: query).read
            {
              continuation.yield($0)
            }
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

  /// What the nodes measure of the tasks.
  public func usage(of key: WorkloadKey) async throws -> [ServiceUsage] {
    try await NomadError.asProviderError {
      try await AllocationUsageReader(client: try await connection.client(), key: key, target: target).read()
    }
  }

  // MARK: Writing

  /// Performs one action by the cluster's own calls.
  public func perform(_ action: Action, in context: ActionContext) async throws {
    try await NomadError.asActionError {
      try await ActionPerformer(
        client: try await connection.client(), context: context, target: target,
        facts: try await connection.facts()
      ).perform(action)
    }
  }

  /// Runs a command in a service's task.
  public func exec(
    _ request: ExecRequest, input: any AsyncSequence<ProviderKit.ExecInput, Never> & Sendable,
    output: @escaping @Sendable (ProviderKit.ExecOutput) async throws -> Void
  ) async throws -> Int32 {
    try await NomadError.asActionError {
      let client = try await connection.client()
      let found = try await ClusterListing(of: [request.key], on: client).jobs(of: request.key)
      let kind = found.job?.json.marks[Mark.kind].flatMap(WorkloadKind.init) ?? .deployment
      let allocation = found.allocations.first {
        !$0.isTerminal && JobNames.instance($0.id, $0.number, kind) == request.instance
      }
      guard let allocation else {
        throw ActionFailure("`\(request.key.name)` has no instance \(request.instance)")
      }
      return try await AllocationCommand(client: client, allocation: allocation, request: request).run(
        input: input, output: output)
    }
  }
}
