import Values
import WorkloadSpec

/// A rollout that waits, its new instances beside the old ones, until an operator promotes or aborts it.
public struct PausedRollout: Sendable, Equatable {
  /// The workload as it will be once the rollout is promoted.
  public var snapshot: Workload
  /// The new instances, in order, where berth made them.
  public var instances: [InstanceID]
  /// How many new instances there are, also where the engine makes them and gives them their names.
  public var count: Int
  /// How many places there are among the replicas, also where the spec leaves their number open.
  public var places: Int
  /// Where each service's spec comes from, by service name, where that is known.
  public var provenance: [String: Provenance]
  /// The named set that the workload is applied under; `nil` leaves it where it is.
  public var setName: String?
  /// Who paused it, and when.
  public var pause: Pause

  /// A rollout that waits.
  public init(
    snapshot: Workload, instances: [InstanceID], count: Int? = nil, places: Int,
    provenance: [String: Provenance] = [:],
    setName: String? = nil, pause: Pause
  ) {
    self.snapshot = snapshot
    self.instances = instances
    self.count = count ?? instances.count
    self.places = places
    self.provenance = provenance
    self.setName = setName
    self.pause = pause
  }

  /// How far it came: `canary 1/3`.
  public var progress: String {
    "\(snapshot.strategy.type.rawValue) \(count)/\(places)"
  }
}

/// A request to stop between the first new instances of a rollout and the end of the old ones.
public struct Pause: Sendable, Hashable {
  /// Who asks: `user@host`.
  public var by: String
  /// When the pause was asked for.
  public var since: Timestamp

  public init(by: String, since: Timestamp) {
    self.by = by
    self.since = since
  }
}

// MARK: JSON

extension PausedRollout {
  /// As a store writes it down.
  var json: Value {
    [
      "snapshot": snapshot.plain,
      "instances": .list(
        instances.map { id in
          id.name.map { ["name": .string($0)] }
            ?? ["ordinal": Value(id.ordinal), "generation": Value(id.generation)]
        }),
      "count": Value(count), "places": Value(places),
      "provenance": .map(provenance.sorted { $0.key < $1.key }.map { .init($0.key, $0.value.plain) }),
      "set": Value(setName), "by": .string(pause.by), "since": .int(pause.since.milliseconds),
    ]
  }

  /// Reads what ``json`` wrote; `nil` if it is something else.
  init?(json: Value) {
    guard case .map(let members)? = json["snapshot"],
      let snapshot = try? Workload(json: CanonicalJSON.compact(.map(members))),
      let places = json["places"]?.int, let by = json["by"]?.string, let since = json["since"]?.int
    else { return nil }
    var provenance: [String: Provenance] = [:]
    for member in json["provenance"]?.members ?? [] {
      guard let known = Provenance(plain: member.value) else { return nil }
      provenance[member.key] = known
    }
    self.init(
      snapshot: snapshot,
      instances: (json["instances"]?.list ?? []).compactMap { id in
        if let name = id["name"]?.string { return InstanceID(name: name) }
        guard let ordinal = id["ordinal"]?.int, let generation = id["generation"]?.int else { return nil }
        return InstanceID(Int(ordinal), generation: Int(generation))
      },
      // What was written before engines rolled by themselves names each new instance.
      count: json["count"]?.int.map { Int($0) }, places: Int(places), provenance: provenance,
      setName: json["set"]?.string,
      pause: Pause(by: by, since: Timestamp(milliseconds: since)))
  }
}
