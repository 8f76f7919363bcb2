import Planning
import Values

/// What `state.json` holds of an instance, and what its supervisor answers when it is asked.
struct InstanceRecord: Equatable {
  var key: WorkloadKey
  /// Which instance it is.
  var id: InstanceID
  /// The run of the machine in which this was written.
  var bootID = ""
  /// The supervisor; `nil` before there was one.
  var supervisor: ProcessMark?
  /// The name of the program that the supervisor runs, in the folder of programs.
  var program = ""
  /// Where the control groups of its services are.
  var controlGroups = ControlGroups()
  /// The services, ordered by name.
  var services: [ServiceRecord] = []

  /// The version of the format that this berth writes.
  static let formatVersion: Int64 = 1

  /// An instance of which nothing is known yet.
  init(key: WorkloadKey, id: InstanceID) {
    self.key = key
    self.id = id
  }

  /// As it stands in `state.json`.
  var json: Value {
    var members: [Value.Member] = [
      .init("version", .int(Self.formatVersion)), .init("namespace", .string(key.namespace)),
      .init("workload", .string(key.name)), .init("ordinal", .int(Int64(id.place))),
      .init("generation", .int(Int64(id.generation))), .init("bootID", .string(bootID)),
      .init("program", .string(program)),
    ]
    if id == .before { members.append(.init("before", true)) }
    if let supervisor { members.append(.init("supervisor", supervisor.json)) }
    if !controlGroups.folders.isEmpty { members.append(.init("controlGroups", controlGroups.json)) }
    members.append(.init("services", .list(services.map(\.json))))
    return .map(members)
  }

  /// Reads what ``json`` wrote.
  init(json: Value) throws(MalformedRecord) {
    guard try json.number("version") == Self.formatVersion else {
      throw MalformedRecord("it was written by a newer berth")
    }
    key = WorkloadKey(namespace: try json.text("namespace"), name: try json.text("workload"))
    let place = InstanceID(
      Int(try json.number("ordinal")), generation: Int(try json.number("generation")))
    id = json["before"] == true ? .before : place
    bootID = try json.text("bootID")
    program = try json.text("program")
    if let supervisor = json["supervisor"] { self.supervisor = try ProcessMark(json: supervisor) }
    if let groups = json["controlGroups"] { controlGroups = ControlGroups(json: groups) }
    for service in try json.elements("services") { services.append(try ServiceRecord(json: service)) }
  }

  /// The service with a name.
  func service(_ name: String) -> ServiceRecord? { services.first { $0.name == name } }

  /// Reads a `state.json`; `nil` if there is none.
  ///
  /// - Throws: ``SystemError`` or ``MalformedRecord`` if there is one that can't be read.
  static func read(_ path: String) throws -> InstanceRecord? {
    guard let bytes = try Files.read(path) else { return nil }
    guard let value = try? Value(json: String(decoding: bytes, as: UTF8.self)) else {
      throw MalformedRecord("it is not JSON")
    }
    return try InstanceRecord(json: value)
  }

  /// Writes a `state.json`, whole or not at all.
  func write(_ path: String, durably: Bool) throws(SystemError) {
    var bytes: [UInt8] = []
    CanonicalJSON.write(json, into: &bytes)
    bytes.append(UInt8(ascii: "\n"))
    try Files.replace(path, with: bytes, durably: durably)
  }
}
