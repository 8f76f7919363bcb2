import Diagnostics
import Planning
import Secrets
import WorkloadSpec

/// The half of a provider that looks and never touches.
///
/// Planning, `status`, `history`, `drift` and `logs` are handed only this, so that they cannot write: there
/// is no method here that changes anything. An implementation must not create anything either: not a folder,
/// not a database, not a connection that leaves a trace.
public protocol ProviderReader: Sendable {
  /// What can be said of this provider without asking the engine.
  var traits: ProviderTraits { get }

  /// Makes sure that the engine answers, in the quickest way that tells; by default, it is asked which one it is.
  ///
  /// - Throws: ``ProviderError`` if the engine can't be reached.
  func connect() async throws

  /// Which engine this is.
  ///
  /// - Throws: ``ProviderError`` if the engine can't be reached.
  func info() async throws -> ProviderInfo

  /// Whether the engine can do its work, and how fast it answers. Never throws: what is wrong is the answer.
  func health() async -> ProviderHealth

  /// What is true now of each of some workloads, stamped things and what sits on their names. However many they are,
  /// an engine that lists what runs on it is asked for as many lists as for one.
  ///
  /// What can't be looked at is listed in ``Planning/Observation/gaps``; it must not look absent. Of a workload of which
  /// nothing can be said at all, the answer is a ``ProviderError``.
  ///
  /// - Parameter deeply: whether to look at everything itself, however long that takes. Otherwise what shows that
  ///   something was not touched may stand for it: a time, a size.
  func observe(_ keys: [WorkloadKey], deeply: Bool) async -> Answers<Observation>

  /// What is there that could become a workload's without being made anew: what sits on its names without a stamp, and what
  /// the request names. Only of a provider with the capability ``Capability/adopt`` is it asked.
  ///
  /// Each service is told as it would be observed once it is ours: what differs from the workload in its
  /// ``Planning/ObservedService/live`` is changed after it is taken over. What carries a stamp already, this workload's or
  /// another's, is never among them. An engine whose unit is the workload tells its objects as the services of an instance.
  ///
  /// - Parameters:
  ///   - workload: what is wanted: nothing is told that is not part of it.
  ///   - observation: what is ours already.
  /// - Throws: ``ProviderError`` if the engine can't be asked.
  func adoptable(
    for workload: Workload, as key: WorkloadKey, _ request: AdoptionRequest, given observation: Observation
  ) async throws -> Adoptable

  /// What a person should know before a workload is applied to this engine: errors stop the plan, warnings
  /// are shown with it. Language rules are checked already; this is what only the engine can tell, such as
  /// a host port that something else uses.
  func assess(
    _ workload: Workload, as key: WorkloadKey, given observation: Observation
  ) async throws -> Diagnostics

  /// What stands in the way of carrying out a plan, as far as only the engine can tell and only the plan's actions ask
  /// for it: an image that is not there is none as long as nothing is made from it. Errors refuse the plan, warnings
  /// are shown with it.
  ///
  /// - Throws: ``ProviderError`` if the engine can't be asked.
  func obstacles(to plan: Plan, given observation: Observation) async throws -> Diagnostics

  /// What the engine itself would refuse of a plan, by a trial that changes nothing and may need the right to write. Only where
  /// a person asks for it is it asked.
  ///
  /// - Throws: ``ProviderError`` if the engine can't be asked.
  func objections(to plan: Plan) async throws -> Diagnostics

  /// Where the names of the images of some services lead now: to what each would run if it were made at this moment,
  /// as its pull policy says. Only of a provider with the capability ``Capability/pin`` is it asked.
  ///
  /// - Parameter secrets: the values of secrets, by key, as far as they are known: registries may ask for them.
  /// - Returns: an answer for each service, by name.
  /// - Throws: ``ProviderError`` if the engine can't be asked.
  func resolveImages(
    of services: [Service], secrets: [String: SecretValue]
  ) async throws -> [String: ImageResolution]

  /// What becomes of every field of the language on an engine with these facts. Pure: the same facts get the same table.
  func fields(on facts: EngineFacts) -> FieldTable

  /// What can be done on an engine with these facts. Pure: the same facts get the same answer.
  func capabilities(on facts: EngineFacts) -> Set<Capability>

  /// What changes of a service cost on an engine with these facts. Pure: the same changes and facts get the same answer.
  func impact(of change: ServiceChange, on facts: EngineFacts) -> ImpactStatement

  /// What the target lets workloads do to its machines, and to what berth did not make.
  var allowed: Set<Permission> { get }

  /// The permissions that a service needs by what only this engine knows of it, each with the path of the field.
  func ownPermissions(of service: Service) -> [(permission: Permission, field: String)]

  /// Lines that services wrote.
  func logs(of key: WorkloadKey, matching query: LogQuery) -> AsyncThrowingStream<LogLine, any Error>

  /// What the services of a workload use that have a process at this moment, by instance and name. Of a workload
  /// that is not there, nothing is used.
  ///
  /// - Throws: ``ProviderError`` if the engine can't be asked.
  func usage(of key: WorkloadKey) async throws -> [ServiceUsage]

  /// The release history, the runs and the lock, for reading.
  var history: any ReleaseReader { get }
}

extension ProviderReader {
  /// Asks which engine it is.
  public func connect() async throws { _ = try await info() }

  /// What is true now of one workload; see ``observe(_:deeply:)-([WorkloadKey],Bool)``.
  ///
  /// - Throws: ``ProviderError`` if nothing can be said at all.
  public func observe(_ key: WorkloadKey, deeply: Bool = false) async throws -> Observation {
    try await observe([key], deeply: deeply).answer(for: key)
  }

  /// Nothing.
  public func adoptable(
    for workload: Workload, as key: WorkloadKey, _ request: AdoptionRequest, given observation: Observation
  ) async throws -> Adoptable { Adoptable() }

  /// Everything: what berth may do on its user's own machine, the user may do anyway.
  public var allowed: Set<Permission> { Set(Permission.allCases) }

  /// None.
  public func ownPermissions(of service: Service) -> [(permission: Permission, field: String)] { [] }

  /// None.
  public func obstacles(to plan: Plan, given observation: Observation) async throws -> Diagnostics {
    Diagnostics()
  }

  /// None: an engine without a trial tells when it is told.
  public func objections(to plan: Plan) async throws -> Diagnostics { Diagnostics() }

  /// Nowhere: what runs no images has none to resolve.
  public func resolveImages(
    of services: [Service], secrets: [String: SecretValue]
  ) async throws -> [String: ImageResolution] { [:] }
}

extension ProviderReader {
  /// The bodies of which the engine can hold workloads.
  public func bodies(on facts: EngineFacts) -> Set<Body> {
    let capabilities = capabilities(on: facts)
    var bodies: Set<Body> = traits.holdsServices ? [.services] : []
    if capabilities.contains(.machines) { bodies.insert(.machine) }
    if capabilities.contains(.objects) { bodies.insert(.objects) }
    return bodies
  }
}

/// What can be said of a provider without asking its engine.
public struct ProviderTraits: Sendable {
  /// The provider's name, as `provider:` in berth.yaml has it.
  public let name: String
  /// What it is, in one sentence.
  public let summary: String
  /// What the engine can change by itself of a workload that holds services; `nil` if it holds none.
  private let unit: UnitOfChange?
  /// The fields of the language that only this provider knows.
  public let engineFields: EngineFields
  /// How services are found on its engine.
  public let addressing: Addressing

  /// The traits of a provider.
  ///
  /// - Parameters:
  ///   - unit: what the engine can change by itself of a workload that holds services; `nil` if it holds none.
  ///   - engineFields: the fields of the language that only it knows; by default, none.
  ///   - addressing: how services are found on its engine; by default, by name.
  public init(
    name: String, summary: String, unit: UnitOfChange?, engineFields: EngineFields? = nil,
    addressing: Addressing = .names
  ) {
    self.addressing = addressing
    self.engineFields = engineFields ?? EngineFields(name)
    self.name = name
    self.summary = summary
    self.unit = unit
  }

  /// Whether workloads that hold services can be had.
  public var holdsServices: Bool { unit != nil }

  /// What the engine can change by itself of a workload that holds a body: a machine as a whole, each object alone.
  public func unit(of body: Body?) -> UnitOfChange {
    switch body {
    case .services, nil: unit ?? .instance
    case .machine: .instance
    case .objects: .service
    }
  }
}

/// Which engine it is.
public struct ProviderInfo: Sendable, Equatable {
  /// What tells it apart from all others.
  public let identity: EngineIdentity
  /// The engine's version.
  public let version: String
  /// Where it is, as far as that is known.
  public let region: String?
  /// Where in the region it is: a zone, a host name.
  public let location: String?
  /// What decides what becomes of fields on it.
  public let facts: EngineFacts

  /// What is known of an engine.
  public init(
    identity: EngineIdentity, version: String, region: String? = nil, location: String? = nil,
    facts: EngineFacts? = nil
  ) {
    self.identity = identity
    self.version = version
    self.region = region
    self.location = location
    self.facts = facts ?? EngineFacts(version: version)
  }
}
