import Diagnostics
import ProviderKit
import Values
import WorkloadSpec

/// A job while it is being written: a group, and of it one task after the other.
struct JobDraft: Sendable {
  /// What is said of the job as a whole.
  var job: JSON = [:]
  /// What is said of the group.
  var group: JSON = [:]
  /// The task that is being written.
  var task: JSON = [:]
  /// What can't be written.
  private(set) var refusals: [EngineRefusal] = []

  private var tasks: [String: JSON] = [:]
  private var services: [JSON] = []
  private var volumes: [(name: String, request: JSON)] = []
  private var ports: [(label: String, port: JSON, isFixed: Bool)] = []
  /// How much of the node's disk the tasks want beside their volumes, in MiB.
  private var disk: Int64 = 0
  /// Which service has said what of the group as a whole.
  private var sources: [[String]: String] = [:]

  // MARK: Refusals

  /// Takes note of what a cluster has nothing for.
  mutating func refuse(_ message: String, help: String) { refuse(.providerRefuses, message, help: help) }

  /// Takes note of what can't be written.
  mutating func refuse(_ code: DiagnosticCode, _ message: String, help: String) {
    let refusal = EngineRefusal(code: code, message: message, help: help)
    if !refusals.contains(refusal) { refusals.append(refusal) }
  }

  // MARK: The driver

  /// An option of the driver.
  subscript(option name: String) -> JSON? {
    get { task.at("Config", name) }
    set { task[["Config", name]] = newValue }
  }

  /// Adds to a list among the driver's options.
  mutating func add(_ values: [JSON], toOption name: String) {
    if !values.isEmpty { self[option: name] = .array((self[option: name]?.array ?? []) + values) }
  }

  // MARK: What services share

  /// Says something of the group as a whole in the name of a service. Two services can't say different things.
  mutating func set(_ path: [String], _ value: JSON, _ field: String, of service: String) {
    if let other = sources[path], group[path] != value {
      refuse(
        .sharedByPod,
        "`\(field)` of the services `\(other)` and `\(service)` differs, and an instance has one for all its tasks",
        help: "state the same for both, or for one of them only")
      return
    }
    sources[path] = service
    group[path] = value
  }

  /// Adds a volume of the group, unless one of that name is there.
  mutating func add(volume name: String, _ request: JSON) {
    guard let index = volumes.firstIndex(where: { $0.name == name }) else {
      volumes.append((name, request))
      return
    }
    // One that any service may write to is not for reading only.
    if request["ReadOnly"]?.bool != true { volumes[index].request["ReadOnly"] = nil }
  }

  /// Adds a port of the group, unless one of that name is there.
  mutating func add(port label: String, _ port: JSON, isFixed: Bool) {
    if !ports.contains(where: { $0.label == label }) { ports.append((label, port, isFixed)) }
  }

  /// Adds what the group is found by.
  mutating func add(service: JSON) { services.append(service) }

  /// Asks for more of the node's disk.
  mutating func add(disk amount: Int64) { disk += amount }

  // MARK: The whole

  /// Takes the task that is being written for a service, and begins anew.
  mutating func endTask(of service: String) {
    tasks[service] = task
    task = [:]
  }

  /// The group, with its tasks in order.
  ///
  /// - Parameter mode: the network that its instances have.
  func group(named name: String, _ order: [String], mode: String) -> JSON {
    var made: JSON = ["Name": .string(name)]
    for member in group.members ?? [] where member.key != "Network" { made[member.key] = member.value }
    var network: JSON = ["Mode": .string(mode)]
    for member in group["Network"]?.members ?? [] { network[member.key] = member.value }
    for (key, isFixed) in [("DynamicPorts", false), ("ReservedPorts", true)] {
      let some = ports.filter { $0.isFixed == isFixed }.sorted { $0.label < $1.label }
      if !some.isEmpty { network[key] = .array(some.map(\.port)) }
    }
    made["Networks"] = [network]
    if !volumes.isEmpty {
      made["Volumes"] = .object(
        volumes.sorted { $0.name < $1.name }.map { JSON.Member($0.name, $0.request) })
    }
    if disk > 0 { made[["EphemeralDisk", "SizeMB"]] = .int(disk + logs) }
    if !services.isEmpty {
      made["Services"] = .array(services.sorted { ($0["Name"]?.string ?? "") < ($1["Name"]?.string ?? "") })
    }
    made["Tasks"] = .array(order.compactMap { tasks[$0] })
    return made
  }

  /// How much of the disk the output of all tasks takes: Nomad counts it among what an instance asks for.
  private var logs: Int64 {
    tasks.values.reduce(0) { sum, task in
      let log = task["LogConfig"]
      return sum + (log?["MaxFiles"]?.int ?? 10) * (log?["MaxFileSizeMB"]?.int ?? 10)
    }
  }
}
