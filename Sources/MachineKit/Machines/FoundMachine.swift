import Values
import WorkloadSpec

/// A machine, as its cloud tells of it.
public struct FoundMachine: Sendable, Equatable {
  /// What the cloud knows it by.
  public var id: String
  /// What it is doing.
  public var state: MachineState
  /// Why it is in this state, in the cloud's words: `Client.UserInitiatedShutdown`.
  public var reason: String?
  /// What the cloud's own checks say.
  public var check: MachineCheck
  /// The image that it was made from.
  public var image: String?
  /// How large it is, in the cloud's words.
  public var type: String?
  /// How large its disk is.
  public var disk: ByteQuantity?
  /// Its addresses, the one that it is best reached at first; none of one that does not run.
  public var addresses: [String]
  /// The subnet that it is in.
  public var subnet: String?
  /// Where in the cloud it is.
  public var zone: String?
  /// When it started last.
  public var launchedAt: Timestamp?
  /// All tags, and what was noted of it when it was made.
  public var tags: [String: String]
  /// What only its cloud knows of it.
  public var on: EngineBlocks

  public init(
    id: String, state: MachineState, reason: String? = nil, check: MachineCheck = .none,
    image: String? = nil, type: String? = nil, disk: ByteQuantity? = nil, addresses: [String] = [],
    subnet: String? = nil, zone: String? = nil, launchedAt: Timestamp? = nil, tags: [String: String] = [:],
    on: EngineBlocks = EngineBlocks()
  ) {
    (self.id, self.state, self.reason, self.check) = (id, state, reason, check)
    (self.image, self.type, self.disk, self.addresses) = (image, type, disk, addresses)
    (self.subnet, self.zone, self.launchedAt) = (subnet, zone, launchedAt)
    (self.tags, self.on) = (tags, on)
  }
}

/// What a machine is made from.
public struct MachineOrder: Sendable, Equatable {
  /// What the machine is as the spec states it, with the texts of its user data as they are handed over.
  public var machine: Machine
  /// A name that no other machine of the workload has while this one is there.
  public var name: String
  /// What tells this order from all others: a cloud that is told it twice makes one machine.
  public var token: String
  /// The subnet that it goes into; `nil` for the one that the cloud chooses.
  public var subnet: String?
  /// What it is found by, and its workload's labels.
  public var tags: [String: String]
  /// What is read back with it, and never looked for: a cloud whose tags are narrow keeps it elsewhere.
  public var notes: [String: String]

  public init(
    machine: Machine, name: String, token: String, subnet: String? = nil, tags: [String: String],
    notes: [String: String] = [:]
  ) {
    (self.machine, self.name, self.token, self.subnet) = (machine, name, token, subnet)
    (self.tags, self.notes) = (tags, notes)
  }
}

/// What is changed of a machine that is there.
public struct MachineChange: Sendable, Equatable {
  /// How large it is to be, in the cloud's words.
  public var type: String?
  /// How large its disk is to be.
  public var disk: ByteQuantity?

  public init(type: String? = nil, disk: ByteQuantity? = nil) { (self.type, self.disk) = (type, disk) }

  /// Whether nothing is changed.
  public var isEmpty: Bool { type == nil && disk == nil }
}
