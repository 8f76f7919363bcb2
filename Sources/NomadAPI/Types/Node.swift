import Values

/// What a list tells of a node.
package struct NodeStub: Sendable, Hashable {
  /// All of it.
  package let json: JSON

  package init(_ json: JSON) { self.json = json }

  package var id: String { json.text("ID") }
  package var name: String { json.text("Name") }
  package var datacenter: String { json.text("Datacenter") }
  package var nodeClass: String { json.text("NodeClass") }
  /// The pool; `default` on agents that have none.
  package var nodePool: String { json["NodePool"]?.string ?? "default" }
  /// `initializing`, `ready`, `down` or `disconnected`.
  package var status: String { json.text("Status") }
  /// The version of the agent there.
  package var version: String { json.text("Version") }
  package var address: String { json.text("Address") }
  /// Whether new allocations may be placed there.
  package var isEligible: Bool { json.text("SchedulingEligibility") == "eligible" }
  /// Whether its allocations are moved away.
  package var isDraining: Bool { json.flag("Drain") }
  /// The drivers that it knows of.
  package var drivers: [String: DriverState] { json.each("Drivers") { DriverState($0) } }
}

/// How a driver of a node is.
package struct DriverState: Sendable, Hashable {
  package let isDetected: Bool
  package let isHealthy: Bool
  /// Why, in one line.
  package let description: String
  package let attributes: [String: String]

  init(_ json: JSON) {
    isDetected = json.flag("Detected")
    isHealthy = json.flag("Healthy")
    description = json.text("HealthDescription")
    attributes = json.strings("Attributes")
  }
}

/// A node.
package struct Node: Sendable, Hashable {
  /// All of it.
  package let json: JSON

  package init(_ json: JSON) { self.json = json }

  package var id: String { json.text("ID") }
  package var name: String { json.text("Name") }
  package var datacenter: String { json.text("Datacenter") }
  package var nodeClass: String { json.text("NodeClass") }
  /// The pool; `default` on agents that have none.
  package var nodePool: String { json["NodePool"]?.string ?? "default" }
  /// `initializing`, `ready`, `down` or `disconnected`.
  package var status: String { json.text("Status") }
  /// Whether new allocations may be placed there.
  package var isEligible: Bool { json.text("SchedulingEligibility") == "eligible" }
  /// What was found out about it, by name: `kernel.name`, `driver.docker.version` …
  package var attributes: [String: String] { json.strings("Attributes") }
  package var meta: [String: String] { json.strings("Meta") }
  /// The drivers that it knows of.
  package var drivers: [String: DriverState] { json.each("Drivers") { DriverState($0) } }
  /// Its host volumes by name, and whether each is only read.
  package var hostVolumes: [String: Bool] { json.each("HostVolumes") { $0.flag("ReadOnly") } }
  /// What its processors have, in MHz.
  package var cpu: Int { (json.at("NodeResources", "Cpu") ?? .null).number("CpuShares") }
  /// What memory it has, in MiB.
  package var memory: Int { (json.at("NodeResources", "Memory") ?? .null).number("MemoryMB") }
  /// What disk it has, in MiB.
  package var disk: Int { (json.at("NodeResources", "Disk") ?? .null).number("DiskMB") }
}
