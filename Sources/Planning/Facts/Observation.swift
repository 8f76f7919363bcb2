import Values
import WorkloadSpec

/// What a provider reports to be true now, of one workload.
public struct Observation: Sendable, Equatable {
  /// The engine that was looked at.
  public var engine: EngineIdentity
  /// The instances, in order.
  public var instances: [ObservedInstance]
  /// What is left of the services that run once per run, apart from all instances; `nil` if there is nothing. They are
  /// as they ran last, and that they are gone is no drift.
  public var before: ObservedInstance?
  /// The controller that makes them, on an engine whose unit of change is the workload; `nil` if there is none.
  public var controller: ObservedController?
  /// The volumes of the workload, also those that no service uses.
  public var volumes: [ObservedVolume]
  /// What sits on a name of ours without being ours.
  public var foreign: [ForeignObject]
  /// The ports of the machine that its services have or had last and that other workloads were given, on an engine without
  /// names.
  public var heldPorts: [HeldPort] = []
  /// The fields of its objects that other clients wrote last, on an engine that tells.
  public var heldFields: [HeldField] = []
  /// What could not be looked at, each in words. If there is anything, nothing may be planned from this:
  /// what was not seen must never be taken for absent.
  public var gaps: [String]
  /// What the engine can't do, as far as that decides what becomes of fields.
  public var facts: [String: String] = [:]

  public init(
    engine: EngineIdentity, instances: [ObservedInstance] = [], controller: ObservedController? = nil,
    volumes: [ObservedVolume] = [],
    foreign: [ForeignObject] = [], gaps: [String] = []
  ) {
    self.engine = engine
    self.instances = instances.sorted { $0.id < $1.id }
    self.controller = controller
    self.volumes = volumes
    self.foreign = foreign
    self.gaps = gaps
  }

  /// The worst state of the instances, `unknown` if not everything could be looked at; `nil` if there are none.
  public var state: InstanceState? {
    if !gaps.isEmpty { return .unknown }
    return instances.isEmpty ? nil : .worst(of: instances.map(\.state))
  }

  /// Whether something is there, and all instances can do their work.
  public var isReady: Bool { gaps.isEmpty && !instances.isEmpty && instances.allSatisfy(\.isReady) }

  /// Whether a volume is one that outlives what used it, and that no service uses now.
  public func isDetached(_ volume: ObservedVolume) -> Bool {
    guard volume.type == .persistent else { return false }
    if let image = volume.image {
      return !instances.contains { instance in
        instance.id.ordinal == volume.ordinal
          && instance.services.contains { $0.imageVolumes.contains(image) }
      }
    }
    return !places.contains { instance in
      (volume.ordinal == nil || volume.ordinal == instance.id.ordinal)
        && instance.services.contains {
          $0.live.spec.volumes.contains { $0.name == volume.name && $0.type == .persistent }
        }
    }
  }

  /// What the workload holds, as far as anything of it is there.
  public var body: Body? {
    (controller?.template.first ?? instances.lazy.flatMap(\.services).first)?.live.spec.body
  }

  /// The instance with an identity.
  public func instance(_ id: InstanceID) -> ObservedInstance? {
    id == .before ? before : instances.first { $0.id == id }
  }

  /// Everywhere that services are or have been: the instances, and before them what runs once per run.
  public var places: [ObservedInstance] { [before].compactMap(\.self) + instances }

  /// Puts what was found in the place of ``InstanceID/before`` apart from the instances.
  public mutating func setBeforeApart() {
    guard let index = instances.firstIndex(where: { $0.id == .before }) else { return }
    before = instances.remove(at: index)
  }
}

/// One replica as it lives.
public struct ObservedInstance: Sendable, Equatable {
  /// Its place and generation, or the name that its engine gives it; no two of an observation have the same.
  public var id: InstanceID
  /// Whether there is something that services can live in: a supervisor, a network, a pod. Without it, what
  /// is known of the services is their past.
  public var isAlive: Bool
  /// The live services of the instance.
  public var services: [ObservedService]
  /// What a person should know, such as why it is not alive.
  public var message: String?

  public init(id: InstanceID, isAlive: Bool = true, services: [ObservedService] = [], message: String? = nil)
  {
    self.id = id
    self.isAlive = isAlive
    self.services = services
    self.message = message
  }

  /// The worst state of its services; an init that completed does not count.
  public var state: InstanceState {
    guard isAlive else { return .failed }
    return .worst(of: services.filter { !$0.hasCompleted }.map(\.state))
  }

  /// Whether every service is ready; an init is when it has completed.
  public var isReady: Bool { isAlive && !services.isEmpty && services.allSatisfy(\.isReady) }

  /// The restarts of all services together.
  public var restarts: Int { services.reduce(0) { $0 + $1.restarts } }

  /// The live service with a name; `nil` if the engine has none.
  public func service(_ name: String) -> ObservedService? { services.first { $0.name == name } }
}

/// One service of an instance as it lives, or what an instance consists of where that is something else: a machine, an
/// object.
public struct ObservedService: Sendable, Equatable {
  /// The name in the spec that it was made from.
  public var name: String
  /// What berth wrote on it when it was created.
  public var stamp: Stamp
  /// What it is doing.
  public var state: InstanceState
  /// Whether it can do its work: its health check passes; without one, it runs and has settled. An init is
  /// ready when it has completed.
  public var isReady: Bool
  /// How often its process was started again by itself.
  public var restarts: Int
  /// When its process started, or ended if it has.
  public var since: Timestamp?
  /// What its process ended with, last time: an exit code, or 128 and the number of a signal.
  public var exitCode: Int?
  /// What a person should know, such as the health check's last answer.
  public var message: String?
  /// Where it can be reached.
  public var endpoints: [Endpoint]
  /// The ports of the machine that were assigned to it, whether it runs or not, on an engine without names.
  public var assignedPorts: [Endpoint] = []
  /// The operating system's identity of its process, where there is one.
  public var processID: Int?
  /// How it is configured.
  public var live: LiveService
  /// The keyed digests of the values of its secrets, by ``WorkloadSpec/SecretUse/identity``.
  public var secretDigests: [String: String]
  /// What it was given for the addresses in its texts, by ``WorkloadSpec/AddressReference/name``; nothing on an engine on
  /// which they follow from the texts alone.
  public var addresses: [String: String] = [:]
  /// What its image gave way to, if the name of the image leads to another one now.
  public var imageMove: ImageMove?
  /// The digests (`sha256:…`) by which registries know the image that it runs, as far as the engine knows them.
  public var imageDigests: Set<String>
  /// Whether something was begun with it and broken off: then an action takes it up, whatever else it is.
  public var isUnsettled = false
  /// What is not as it was made, beside the fields of the spec.
  public var deviations: [Deviation] = []
  /// What it takes to make it ours, of what berth did not create and an apply is asked to take over; else `nil`.
  public var adoption: Adoption?
  /// What it belonged to before berth took it over, unless it was made anew since; `nil` of what berth created.
  public var origin: String?
  /// What the cloud tells of it, if it is a machine.
  public var machine: ObservedMachine?
  /// The volumes that its image declares and that it mounts, also those that the spec has named since.
  public var imageVolumes: Set<ImageVolume> = []

  public init(
    name: String, stamp: Stamp, state: InstanceState, isReady: Bool, restarts: Int = 0,
    since: Timestamp? = nil,
    exitCode: Int? = nil, message: String? = nil, endpoints: [Endpoint] = [], processID: Int? = nil,
    live: LiveService, secretDigests: [String: String] = [:], imageMove: ImageMove? = nil,
    imageDigests: Set<String> = []
  ) {
    self.name = name
    self.stamp = stamp
    self.state = state
    self.isReady = isReady
    self.restarts = restarts
    self.since = since
    self.exitCode = exitCode
    self.message = message
    self.endpoints = endpoints
    self.processID = processID
    self.live = live
    self.secretDigests = secretDigests
    self.imageMove = imageMove
    self.imageDigests = imageDigests
  }

  /// Whether stopping it would interrupt work.
  var isServing: Bool { !live.spec.role.isRunToEnd && (state == .running || isReady) }

  /// Whether it is an init, or one that runs once per run, that ran to success.
  public var hasCompleted: Bool { live.spec.role.isRunToEnd && state == .stopped && exitCode == 0 }
}

/// That the name of an image leads to another image than it did.
public struct ImageMove: Sendable, Hashable {
  /// The digest of the image that is run.
  public var from: String
  /// The digest of the one that the name leads to now.
  public var to: String

  public init(from: String, to: String) {
    self.from = from
    self.to = to
  }
}

/// How a service is configured on the engine, as far as the engine tells.
public struct LiveService: Sendable, Equatable {
  /// The fields as they are on the engine. A value that berth did not put there is left out.
  public var spec: AnyElement
  /// The workload's labels that it carries.
  public var labels: StringMap
  /// What its workload says on the engine, as far as the engine has it.
  public var workloadBlocks: EngineBlocks
  /// The fields, by name, that this engine can't tell. The stamped digest decides for them.
  public var unobservable: Set<String>
  /// The fields, by their path in the language (`healthCheck.path`, `volumes.size`), of which this engine was told
  /// nothing: only berth reads them, so the last release has them, and nothing that lives can differ in them.
  public var untold: Set<String>

  public init(
    spec: AnyElement, labels: StringMap = [:], workloadBlocks: EngineBlocks = EngineBlocks(),
    unobservable: Set<String> = [], untold: Set<String> = []
  ) {
    self.spec = spec
    self.labels = labels
    self.workloadBlocks = workloadBlocks
    self.unobservable = unobservable
    self.untold = untold
  }

  public init(
    spec: some BodyElement, labels: StringMap = [:], workloadBlocks: EngineBlocks = EngineBlocks(),
    unobservable: Set<String> = [], untold: Set<String> = []
  ) {
    self.init(
      spec: AnyElement(spec), labels: labels, workloadBlocks: workloadBlocks, unobservable: unobservable,
      untold: untold)
  }

  /// The fields of a container or process; one with nothing set, if this is something else.
  public var service: Service {
    get { spec.as(Service.self) ?? Service() }
    set { spec = AnyElement(newValue) }
  }
}

/// Where a service can be reached.
public struct Endpoint: Sendable, Equatable {
  /// The port inside of the instance.
  public var containerPort: Int
  /// The protocol that the port is for.
  public var transport: TransportProtocol
  /// The address or host name at which the port is reached.
  public var hostAddress: String
  /// The number of the port at ``hostAddress``, stated or assigned.
  public var hostPort: Int

  public init(containerPort: Int, transport: TransportProtocol, hostAddress: String, hostPort: Int) {
    self.containerPort = containerPort
    self.transport = transport
    self.hostAddress = hostAddress
    self.hostPort = hostPort
  }
}

/// A volume as it lives.
public struct ObservedVolume: Sendable, Equatable, Hashable {
  /// The name in the spec.
  public var name: String
  /// The ordinal of the instance that it belongs to; `nil` if all share it.
  public var ordinal: Int?
  /// How long it lives.
  public var type: VolumeType
  /// How large it is said to be.
  public var size: ByteQuantity?
  /// What it holds, if no spec names it: what an image has declared.
  public var image: ImageVolume?
  /// What the engine calls what its data is in, where it tells.
  public var data: String?
  /// Whether its data is in what was there before the workload.
  public var isAdopted = false

  public init(name: String, ordinal: Int? = nil, type: VolumeType, size: ByteQuantity? = nil) {
    self.name = name
    self.ordinal = ordinal
    self.type = type
    self.size = size
  }

  /// Whether two are one volume, perhaps under another name: what has the same data, or is called the same.
  public func isSame(as other: ObservedVolume) -> Bool {
    (name == other.name && ordinal == other.ordinal) || (data != nil && data == other.data)
  }
}

/// Something without our stamp that sits on a name of ours.
public struct ForeignObject: Sendable, Equatable {
  /// The name on the engine.
  public var name: String
  /// What it is, in words: "a container that berth did not create".
  public var kind: String
  /// Whether it is of a kind that can be adopted.
  public var canBeAdopted: Bool

  public init(name: String, kind: String, canBeAdopted: Bool = false) {
    self.name = name
    self.kind = kind
    self.canBeAdopted = canBeAdopted
  }
}
