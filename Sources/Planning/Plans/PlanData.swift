import Values
import WorkloadSpec

extension Change {
  /// The change as plain data: `path`, `old`, `new`, `causes` and `impact`. Each side is an object with the key
  /// `is`: `absent`, `secret`, `unknown`, or `value` with the value under the key `value`.
  public var plain: Value {
    [
      "path": .string(path), "old": old.plain, "new": new.plain,
      "causes": .list(causes.sorted().map { .string($0.rawValue) }), "impact": .string(impact.word),
    ]
  }
}

extension Change {
  /// A change that was written down, without the values of one that only something external causes, such as an address.
  fileprivate static func essence(of plain: Value) -> Value {
    guard plain["causes"]?.list == [.string(Cause.external.rawValue)],
      plain["path"]?.string?.hasSuffix("image.digest") == false
    else { return plain }
    return .map((plain.members ?? []).filter { $0.key != "old" && $0.key != "new" })
  }
}

extension ChangeValue {
  fileprivate var plain: Value {
    switch self {
    case .absent: ["is": "absent"]
    case .value(let value): ["is": "value", "value": value]
    case .secret: ["is": "secret"]
    case .unknown: ["is": "unknown"]
    }
  }
}

extension Impact {
  fileprivate var word: String {
    switch self {
    case .inPlace: "in-place"
    case .restart: "restart"
    case .replace: "replace"
    }
  }
}

extension Action {
  /// The action as plain data: `id`, `kind`, `subject`, `changes`, `causes`, `reason`, `after` (ids),
  /// `alsoRestarts`, `isInterruption`, `leavesStopped`, `reach`, `isOneAtATime`, `pausesAfter`, and `adopts` where something
  /// is taken over. Two actions are equal if and only if their data are. The reason is an object with the key `code` and
  /// what belongs to it.
  public var plain: Value {
    guard let adopts else { return ofAny }
    return .map((ofAny.members ?? []) + [.init("adopts", .string(adopts))])
  }

  /// What every action has.
  private var ofAny: Value {
    [
      "id": .string(id.description),
      "kind": .string(kind.rawValue),
      "subject": subject.plain,
      "changes": .list(changes.map(\.plain)),
      "causes": .list(causes.sorted().map { .string($0.rawValue) }),
      "reason": reason?.plain ?? .null,
      "after": .list(after.map { .string($0.description) }),
      "alsoRestarts": .list(alsoRestarts.map(Value.string)),
      "isInterruption": .bool(isInterruption),
      "leavesStopped": .bool(leavesStopped),
      "reach": reach?.plain ?? .null,
      "isOneAtATime": .bool(isOneAtATime), "pausesAfter": Value(pausesAfter),
    ]
  }
}

extension Action {
  /// What is done, as plain data: ``plain`` but for the reason and the reach, which tell no action from another, and for
  /// where an address led and leads, which is known for certain only when it is handed over.
  public var essence: Value { Self.essence(of: plain) }

  /// The ``essence`` of an action that was written down.
  static func essence(of plain: Value) -> Value {
    .map(
      (plain.members ?? []).compactMap { member in
        guard member.key == "changes", let changes = member.value.list else { return member }
        return Value.Member("changes", .list(changes.map(Change.essence(of:))))
      }.filter { member in
        switch member.key {
        case "reason", "reach": false
        // Plans that 0.1 saved have none.
        case "isOneAtATime": member.value != false
        case "pausesAfter": member.value != .null
        default: true
        }
      })
  }
}

extension ActionSubject {
  /// The subject as plain data: `type` (`workload`, `instance`, `service`, `volume`, `operatorState`),
  /// `instance`, `service`, `volume` and `ordinal`.
  public var plain: Value {
    let type: String
    var volume: String?
    var ordinal: Int?
    switch self {
    case .workload: type = "workload"
    case .operatorState: type = "operatorState"
    case .instance: type = "instance"
    case .service: type = "service"
    case .volume(let name, let number): (type, volume, ordinal) = ("volume", name, number)
    }
    return [
      "type": .string(type), "instance": Value(instance?.description), "service": Value(service),
      "volume": Value(volume), "ordinal": Value(ordinal),
    ]
  }
}
