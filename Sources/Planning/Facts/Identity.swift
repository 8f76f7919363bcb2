import WorkloadSpec

/// What a workload is on a target: its namespace and its name.
public struct WorkloadKey: Hashable, Comparable, Sendable, CustomStringConvertible {
  /// The tenant.
  public let namespace: String
  /// The workload's name, unique within the namespace.
  public let name: String

  public init(namespace: String = "default", name: String) {
    self.namespace = namespace
    self.name = name
  }

  /// `namespace/name`.
  public var description: String { "\(namespace)/\(name)" }

  /// By namespace, then by name.
  public static func < (left: WorkloadKey, right: WorkloadKey) -> Bool {
    (left.namespace, left.name) < (right.namespace, right.name)
  }
}

/// One replica of a workload: a place among the replicas, or what the engine calls it where they have no places.
public struct InstanceID: Hashable, Comparable, Sendable, CustomStringConvertible {
  /// Its place among the replicas, from 0; `nil` if it has a name instead.
  public let ordinal: Int?
  /// 0, or the number of the surge that it was made for.
  public let generation: Int
  /// What the engine calls it, if it has no place: the name of a pod.
  public let name: String?

  /// Names an instance by its place.
  public init(_ ordinal: Int, generation: Int = 0) {
    self.ordinal = ordinal
    self.generation = generation
    name = nil
  }

  /// What stands in the place of an instance for the services that run once per run, and belong to none.
  public static let before = InstanceID(reserved: "before")

  private init(reserved name: String) {
    ordinal = nil
    generation = 0
    self.name = name
  }

  /// Names an instance as its engine does; `nil` if the name could be taken for a place, or for ``before``.
  public init?(name: String) {
    guard !name.isEmpty, InstanceID(text: name) == nil else { return nil }
    ordinal = nil
    generation = 0
    self.name = name
  }

  /// Reads the ``description`` of a place, or of ``before``; `nil` if it is anything else.
  public init?(text: some StringProtocol) {
    if text == Self.before.description {
      self = .before
      return
    }
    let parts = text.split(separator: "_g", maxSplits: 1, omittingEmptySubsequences: false)
    // Names come from engines, on which other programs make objects, too: each number must have a next one.
    guard let ordinal = Int32(parts[0]), ordinal >= 0 else { return nil }
    let generation = parts.count > 1 ? Int32(parts[1]) : 0
    guard let generation, generation >= 0, generation < .max else { return nil }
    self.init(Int(ordinal), generation: Int(generation))
    // Numbers can be written in more than one way; names can't.
    guard description == text else { return nil }
  }

  /// `0`, `0_g1` for an instance made by a surge, its name, or `before`.
  public var description: String {
    name ?? (generation == 0 ? "\(ordinal ?? 0)" : "\(ordinal ?? 0)_g\(generation)")
  }

  /// Its place, for an engine on which every instance has one; 0 for one that has a name instead.
  public var place: Int { ordinal ?? 0 }

  /// Whether a person means it by a text: by its own description, or by the number of its place.
  public func isMeant(by text: String) -> Bool {
    text == description || ordinal.map { text == String($0) } ?? false
  }

  /// By ordinal, then by generation, then by name.
  public static func < (left: InstanceID, right: InstanceID) -> Bool {
    (left.ordinal ?? .max, left.generation, left.name ?? "")
      < (right.ordinal ?? .max, right.generation, right.name ?? "")
  }
}

extension [ObservedInstance] {
  /// In how many places among the replicas they are; each that has no place counts for one.
  var places: Int { Set(compactMap(\.id.ordinal)).count + count { $0.id.ordinal == nil } }
}

/// What an execution of a plan is known by, everywhere and for ever.
public struct RunID: Hashable, Comparable, Sendable, CustomStringConvertible {
  /// Lower-case letters, digits and hyphens, later runs ordered after earlier ones of one second or more.
  public let description: String

  public init(_ text: String) { description = text }

  /// By text.
  public static func < (left: RunID, right: RunID) -> Bool { left.description < right.description }
}

/// Which engine it is, so that a plan made for one is not applied to another.
public struct EngineIdentity: Hashable, Sendable {
  /// The kind of engine: `local`, `docker`, …
  public let provider: String
  /// What tells it apart from all others of its kind.
  public let id: String

  public init(provider: String, id: String) {
    self.provider = provider
    self.id = id
  }
}
