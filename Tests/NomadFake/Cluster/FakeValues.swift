import Values

/// What the fake is: the version whose ways it has.
public enum FakeVersion: Sendable {
  /// As 1.1.2: no variables, no services of Nomad's own, pages that are asked for are not given.
  case v1_1
  /// As 1.10.2.
  case v1_10

  var minor: Int { self == .v1_1 ? 1 : 10 }
  var text: String { self == .v1_1 ? "1.1.2" : "1.10.2" }
}

/// How quickly what takes time happens.
public struct FakePace: Sendable {
  /// From placing an allocation to its first task's start, and from a stop to its end.
  public var start: Duration
  /// How much shorter the times are that jobs name, such as `MinHealthyTime`.
  public var scale: Int64

  public init(start: Duration, scale: Int64) {
    self.start = start
    self.scale = scale
  }

  /// A few milliseconds for what takes seconds.
  public static let quick = FakePace(start: .milliseconds(3), scale: 1000)
}

/// A node of the fake.
public struct FakeNode: Sendable {
  public var id: String
  public var name: String
  public var datacenter: String
  public var pool = "default"
  /// In MHz.
  public var cpu: Int
  /// In MiB.
  public var memory: Int
  public var drivers: [String]
  public var attributes: [String: String] = ["kernel.name": "linux", "cpu.arch": "amd64"]
  public var meta: [String: String] = [:]
  /// The host volumes, and whether each is only read.
  public var hostVolumes: [String: Bool] = [:]
  /// The names of the networks that ports may be of.
  public var hostNetworks: Set<String> = []
  /// How many devices it has, by name: `nvidia/gpu`.
  public var devices: [String: Int] = [:]
  public var isEligible = true
  public var isDown = false

  public init(
    _ name: String, datacenter: String = "dc1", cpu: Int = 4000, memory: Int = 8192,
    drivers: [String] = ["docker", "raw_exec", "exec"]
  ) {
    id = FakeID.make()
    self.name = name
    self.datacenter = datacenter
    self.cpu = cpu
    self.memory = memory
    self.drivers = drivers
  }
}

/// What becomes of a task.
public enum TaskBehaviour: Sendable {
  /// It starts, and runs on.
  case runs
  /// It starts, and ends with a code after a while of real time.
  case exits(Int, after: Duration = .milliseconds(1))
  /// It starts, and is ended for want of memory.
  case outOfMemory
  /// It starts, and the allocation never counts as healthy.
  case neverHealthy
  /// Its driver can't start it, and may try again.
  case driverFailure(String)
  /// Its image can't be had.
  case pullFailure(String)
  /// Its node takes it, and nothing more is heard.
  case hangs
}

/// What becomes of the tasks of some jobs.
struct TaskScript: Sendable {
  let job: String?
  let task: String?
  let version: Int?
  let behaviour: TaskBehaviour
}

/// Random names.
enum FakeID {
  static func make() -> String {
    let digits = Hex.lower((0..<16).map { _ in UInt8.random(in: 0...255) })
    var parts: [Substring] = []
    var rest = digits[...]
    for length in [8, 4, 4, 4, 12] {
      parts.append(rest.prefix(length))
      rest = rest.dropFirst(length)
    }
    return parts.joined(separator: "-")
  }
}

/// A job or a variable within its namespace.
struct FakeKey: Sendable, Hashable {
  let namespace: String
  let id: String
}

extension JSON {
  func text(_ key: String) -> String { self[key]?.string ?? "" }
  func number(_ key: String) -> Int { Int(self[key]?.int ?? 0) }
  func flag(_ key: String) -> Bool { self[key]?.bool ?? false }
  func elements(_ key: String) -> [JSON] { self[key]?.array ?? [] }
  static func number(_ number: Int) -> JSON { .int(Int64(number)) }
  static func state(_ index: UInt64) -> JSON { .int(Int64(index)) }
  static func texts(_ texts: [String]) -> JSON { texts.isEmpty ? .null : .array(texts.map(JSON.string)) }
  static func strings(_ strings: [String: String]) -> JSON {
    .object(strings.sorted { $0.key < $1.key }.map { Member($0.key, .string($0.value)) })
  }
  static func counts(_ counts: [String: Int]) -> JSON {
    counts.isEmpty
      ? .null : .object(counts.sorted { $0.key < $1.key }.map { Member($0.key, .number($0.value)) })
  }
  static func map<Value>(_ values: [String: Value], _ json: (Value) -> JSON) -> JSON {
    .object(values.sorted { $0.key < $1.key }.map { Member($0.key, json($0.value)) })
  }
  /// Without members that are empty, as what is declared `omitempty` is written.
  var withoutEmpty: JSON {
    guard case .object(let members) = self else { return self }
    return .object(
      members.filter { member in
        switch member.value {
        case .null, .bool(false), .int(0), .string(""): false
        case .array(let elements): !elements.isEmpty
        case .object(let members): !members.isEmpty
        default: true
        }
      })
  }
}
