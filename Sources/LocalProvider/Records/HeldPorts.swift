import Planning
import WorkloadSpec

/// The ports of this machine that a workload keeps because others refer to them, in a file of its own.
struct HeldPorts {
  /// Where things lie.
  let layout: Layout
  let key: WorkloadKey

  private var path: String { layout.heldPorts(of: key) }

  /// The version of the format that this berth writes.
  static let formatVersion: Int64 = 1

  /// The ports.
  ///
  /// - Throws: ``SystemError`` or ``MalformedRecord`` if the file can't be read.
  func read() throws -> [HeldPort] {
    guard let bytes = try Files.read(path) else { return [] }
    guard let json = try? Value(json: String(decoding: bytes, as: UTF8.self), name: path) else {
      throw MalformedRecord("\(path) is not JSON")
    }
    guard try json.number("version") == Self.formatVersion else {
      throw MalformedRecord("\(path) was written by a newer berth")
    }
    return try json.elements("ports").map {
      HeldPort(
        service: try $0.text("service"), container: Int(try $0.number("container")),
        host: Int(try $0.number("host")))
    }
  }

  /// The ports that are kept by any workload.
  static func all(in layout: Layout) throws -> [(key: WorkloadKey, ports: [HeldPort])] {
    guard Files.isFolder(layout.ports) else { return [] }
    return try Files.names(in: layout.ports).compactMap { name in
      guard name.hasSuffix(".json") else { return nil }
      let parts = name.dropLast(5).split(separator: "_").map(String.init)
      guard parts.count == 2 else { return nil }
      let key = WorkloadKey(namespace: parts[0], name: parts[1])
      return (key, try HeldPorts(layout: layout, key: key).read())
    }
  }

  /// Keeps one more port, unless another one is kept for its place. The lock of the ports is held.
  ///
  /// - Returns: the port that is kept.
  func hold(_ port: HeldPort) throws -> HeldPort {
    let ports = try read()
    if let held = ports.first(where: { $0.service == port.service && $0.container == port.container }) {
      return held
    }
    try write(ports + [port])
    return port
  }

  /// Gives up those ports that the workload says itself or does not list any more. The lock of the ports is held.
  func release(besides workload: Workload) throws {
    let ports = try read()
    let kept = ports.filter { held in
      workload.service(held.service)?.ports.contains {
        $0.container == held.container && $0.protocol == .tcp && $0.host == nil
      } ?? false
    }
    if kept != ports { try write(kept) }
  }

  /// Gives up all ports.
  func releaseAll() throws { try Files.remove(path) }

  private func write(_ ports: [HeldPort]) throws {
    guard !ports.isEmpty else { return try releaseAll() }
    try Files.makeFolders(layout.ports)
    var bytes: [UInt8] = []
    let json: Value = [
      "version": .int(Self.formatVersion),
      "ports": .list(
        ports.map {
          [
            "service": .string($0.service), "container": .int(Int64($0.container)),
            "host": .int(Int64($0.host)),
          ]
        }),
    ]
    CanonicalJSON.write(json, into: &bytes)
    try Files.replace(path, with: bytes, durably: true)
  }
}
