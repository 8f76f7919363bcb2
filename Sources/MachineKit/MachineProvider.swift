import Diagnostics
import Planning
import ProviderKit
import WorkloadSpec

/// A provider whose instances are machines: what it says and does follows from its ``Machines``.
public protocol MachineProvider: Provider {
  /// The machines of its cloud.
  var machines: any Machines { get }
  /// What becomes of each field there.
  var machineFields: MachineFields { get }
  /// The longest user data that the cloud takes, in bytes.
  var userDataLimit: Int { get }
  /// Which cloud it is: the account or the folder that the machines are in.
  ///
  /// - Throws: `ProviderError` if that can't be asked.
  func identity() async throws -> EngineIdentity
}

extension MachineProvider {
  /// 16 KiB, which every cloud takes.
  public var userDataLimit: Int { 16_384 }

  /// What machines can do, whatever the cloud is.
  public func capabilities(on facts: EngineFacts) -> Set<Capability> {
    [.provision, .deploy, .scale, .rolling, .recreate, .blueGreen, .canary, .machines]
  }

  /// The release history, the runs and the lock, for reading.
  public var history: any ReleaseReader { store }

  /// The rows of machines.
  public func fields(on facts: EngineFacts) -> FieldTable { machineFields.table }

  /// What the language says.
  public func impact(of change: ServiceChange, on facts: EngineFacts) -> ImpactStatement {
    ImpactStatement(change.minimum)
  }

  /// The machines with the workloads' tags: one list, in pages, of a group, or of all groups at once. A machine has nothing that a
  /// usual look does not see.
  public func observe(_ keys: [WorkloadKey], deeply: Bool) async -> Answers<Observation> {
    await Answers(
      of: keys,
      together: {
        let engine = try await identity()
        let found = try await machines.list(
          MachineQuery(tags: Self.commonTags(of: keys), states: Set(MachineState.allCases)))
        let byKey = Dictionary(grouping: found) { MachineTags.stamp(in: $0.tags)?.key }
        let heads = await store.heads(of: keys.filter { byKey[$0] != nil })
        return await Answers(of: keys) { key in
          let reading = GroupReading(key: key, found: byKey[key] ?? [], fields: machineFields)
          let instances = reading.instances()
          let check = Self.check(
            of: byKey[key] ?? [], released: instances.isEmpty ? nil : try? heads.answer(for: key).release)
          return Observation(
            engine: engine, instances: try await MachineHealth(check).judge(instances))
        }
      })
  }

  /// The tags that the machines of all of some workloads have.
  private static func commonTags(of keys: [WorkloadKey]) -> [String: String] {
    if Set(keys).count == 1, let key = keys.first { return MachineTags.query(of: key) }
    let namespaces = Set(keys.map(\.namespace))
    guard namespaces.count == 1, let namespace = namespaces.first else { return [:] }
    return [MachineTags.namespace: namespace]
  }

  /// The health check that holds of a group: that of the release, or before there is one, that which machines were made with.
  private static func check(of machines: [FoundMachine], released: Release?) -> HealthCheck? {
    if let released { return released.snapshot?.healthCheck }
    return machines.lazy.compactMap { $0.tags[MachineTags.check] }.first.flatMap {
      try? HealthCheck(json: $0)
    }
  }

  /// What the cloud can't be asked for.
  public func assess(
    _ workload: Workload, as key: WorkloadKey, given observation: Observation
  ) async throws -> Diagnostics {
    var diagnostics = machineFields.findings(on: workload)
    let size = workload.machine?.userData?.content.utf8.count ?? 0
    if size > userDataLimit {
      diagnostics.report(
        .providerRefuses,
        "`machine.userData` has \(size) bytes, and \(traits.name) takes \(userDataLimit)",
        help: "have it fetch what is large when the machine starts")
    }
    return diagnostics
  }

  /// Machines that are made need room in one of the subnets that are stated.
  public func obstacles(to plan: Plan, given observation: Observation) async throws -> Diagnostics {
    var diagnostics = Diagnostics()
    let made = plan.actions.count { $0.kind == .create && $0.subject.instance != nil }
    guard made > 0, let subnets = plan.desired?.machine?.subnets, !subnets.isEmpty else { return diagnostics }
    var room = 0
    for subnet in subnets {
      // One that can't be asked may have room: the create itself will tell.
      guard let free = try await machines.room(in: subnet) else { return diagnostics }
      room += free
    }
    if room < made {
      let names = subnets.map { "`\($0)`" }.joined(separator: ", ")
      diagnostics.report(
        .noAddressesLeft,
        "the plan makes \(made) machines, and \(names) \(subnets.count == 1 ? "has" : "have") room for \(room)",
        help: "name another subnet in `machine.subnets`, or free addresses")
    }
    return diagnostics
  }

  /// None: a cloud tells nothing of what its machines write.
  public func logs(of key: WorkloadKey, matching query: LogQuery) -> AsyncThrowingStream<LogLine, any Error> {
    AsyncThrowingStream { $0.finish() }
  }

  /// Nothing: a cloud is not asked what its machines use.
  public func usage(of key: WorkloadKey) async throws -> [ServiceUsage] { [] }

  /// Performs one action by the calls of the cloud.
  public func perform(_ action: Action, in context: ActionContext) async throws {
    try await MachinePerformer(machines: machines, context: context).perform(action)
  }

  /// No command is run on a machine.
  public func exec(
    _ request: ExecRequest, input: any AsyncSequence<ExecInput, Never> & Sendable,
    output: @escaping @Sendable (ExecOutput) async throws -> Void
  ) async throws -> Int32 {
    throw ActionFailure("\(traits.name) runs no commands on its machines")
  }
}
