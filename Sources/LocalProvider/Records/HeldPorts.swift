import Planning
import Supervisor
import Values

/// The ports of this machine that the services of a workload have or had last, and that other workloads were given, in a file of
/// its own. They are changed while the lock of the ports is held.
///
/// The file is only a memory: it keeps a port for the time in which its workload has no instance, and names the workloads that
/// may refer to it. What can't be read of it is forgotten.
struct HeldPorts {
  let layout: Layout
  /// The workload whose ports they are.
  let key: WorkloadKey

  private var path: String { layout.heldPorts(of: key) }

  /// The version of the format that this berth writes.
  private static let formatVersion: Int64 = 1

  func read() -> [HeldPort] {
    guard let bytes = try? Files.read(path),
      let json = try? Value(json: String(decoding: bytes, as: UTF8.self)),
      json["version"]?.int == Self.formatVersion
    else { return [] }
    return (json["ports"]?.list ?? []).compactMap { HeldPort(json: $0) }
  }

  /// All that is kept.
  static func all(in layout: Layout) -> [HeldPorts] {
    ((try? Files.names(in: layout.ports)) ?? []).compactMap { name in
      let parts = name.split(separator: ".")
      guard parts.count == 2, parts[1] == "json" else { return nil }
      let names = parts[0].split(separator: "_").map(String.init)
      guard names.count == 2 else { return nil }
      return HeldPorts(layout: layout, key: WorkloadKey(namespace: names[0], name: names[1]))
    }
  }

  /// Notes which ports another workload was given, and that it refers to no others.
  func note(_ hosts: [ServicePort: Int], givenTo referrer: String) throws {
    let before = read()
    var ports = before.filter { hosts[$0.port] == nil }.map {
      HeldPort($0.port, host: $0.host, referrers: $0.referrers.subtracting([referrer]))
    }
    for (port, host) in hosts {
      let others = before.first { $0.port == port }?.referrers ?? []
      ports.append(HeldPort(port, host: host, referrers: others.union([referrer])))
    }
    try write(ports, instead: before)
  }

  /// Notes which ports a service of the workload has now, but for those that another instance still has.
  func note(_ assigned: [AssignedPort], of service: String, besides taken: Set<Int>) throws {
    let before = read()
    let ports = before.map { held -> HeldPort in
      guard held.port.service == service, !taken.contains(held.host),
        let now = assigned.first(where: { $0.container == held.port.container && $0.transport == .tcp })
      else { return held }
      return HeldPort(held.port, host: now.host, referrers: held.referrers)
    }
    try write(ports, instead: before)
  }

  /// Notes that a workload refers to no other ports of its namespace than those of some workloads.
  static func forget(_ referrer: WorkloadKey, besides others: Set<String> = [], in layout: Layout) throws {
    for held in all(in: layout)
    where held.key.namespace == referrer.namespace && !others.contains(held.key.name) {
      try held.note([:], givenTo: referrer.name)
    }
  }

  private func write(_ ports: [HeldPort], instead before: [HeldPort]) throws {
    let kept = ports.filter { !$0.referrers.isEmpty }.sorted { $0.port < $1.port }
    guard kept != before else { return }
    guard !kept.isEmpty else { return try Files.remove(path) }
    try Files.makeFolders(layout.ports)
    var bytes: [UInt8] = []
    CanonicalJSON.write(
      ["version": .int(Self.formatVersion), "ports": .list(kept.map(\.json))], into: &bytes)
    try Files.replace(path, with: bytes, durably: false)
  }
}

extension HeldPort {
  /// As it stands in the file.
  fileprivate var json: Value {
    [
      "service": .string(port.service), "container": .int(Int64(port.container)), "host": .int(Int64(host)),
      "referrers": .list(referrers.sorted().map { .string($0) }),
    ]
  }

  /// Reads what ``json`` wrote; `nil` if that makes no sense.
  fileprivate init?(json: Value) {
    guard let service = json["service"]?.string, let container = json["container"]?.int,
      let host = json["host"]?.int, (1...65_535).contains(container), (1...65_535).contains(host)
    else { return nil }
    self.init(
      ServicePort(service: service, container: Int(container)), host: Int(host),
      referrers: Set((json["referrers"]?.list ?? []).compactMap(\.string)))
  }
}
