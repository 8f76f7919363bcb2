import Values

/// What `state.json` holds of an instance, and what its supervisor answers when it is asked.
package struct InstanceRecord: Equatable {
  /// The namespace of the workload that it is an instance of.
  package let namespace: String
  /// The name of the workload.
  package let workload: String
  /// Which of its instances it is.
  package let place: InstancePlace
  /// The run of the machine in which this was written.
  package var bootID = ""
  /// The supervisor; `nil` before there was one.
  package var supervisor: ProcessMark?
  /// The name of the program that the supervisor runs, in the folder of programs.
  package var program = ""
  /// Where the control groups of its services are.
  package var controlGroups = ControlGroups()
  /// The services, ordered by name.
  package var services: [ServiceRecord] = []

  /// The version of the format that this berth writes.
  static let formatVersion: Int64 = 1

  /// An instance of which nothing is known yet.
  package init(namespace: String, workload: String, place: InstancePlace) {
    self.namespace = namespace
    self.workload = workload
    self.place = place
  }

  /// As it stands in `state.json`.
  var json: Value {
    var members: [Value.Member] = [
      .init("version", .int(Self.formatVersion)), .init("namespace", .string(namespace)),
      .init("workload", .string(workload)), .init("ordinal", .int(Int64(place.ordinal))),
      .init("generation", .int(Int64(place.generation))), .init("bootID", .string(bootID)),
      .init("program", .string(program)),
    ]
    if place.isBefore { members.append(.init("before", true)) }
    if let supervisor { members.append(.init("supervisor", supervisor.json)) }
    if !controlGroups.folders.isEmpty { members.append(.init("controlGroups", controlGroups.json)) }
    members.append(.init("services", .list(services.map(\.json))))
    return .map(members)
  }

  /// Reads what ``json`` wrote.
  init(json: Value) throws(MalformedMessage) {
    guard try json.number("version") == Self.formatVersion else {
      throw MalformedMessage("it was written by a newer berth")
    }
    namespace = try json.text("namespace")
    workload = try json.text("workload")
    place = InstancePlace(
      ordinal: Int(try json.number("ordinal")), generation: Int(try json.number("generation")),
      isBefore: json["before"] == true)
    bootID = try json.text("bootID")
    program = try json.text("program")
    if let supervisor = json["supervisor"] { self.supervisor = try ProcessMark(json: supervisor) }
    if let groups = json["controlGroups"] { controlGroups = ControlGroups(json: groups) }
    services = try json.elements("services", ServiceRecord.init(json:))
  }

  package func service(_ name: String) -> ServiceRecord? { services.first { $0.name == name } }

  /// Reads a `state.json`; `nil` if there is none.
  ///
  /// - Throws: ``SystemError`` or ``MalformedMessage`` if there is one that can't be read.
  package static func read(_ path: String) throws -> InstanceRecord? {
    guard let bytes = try Files.read(path) else { return nil }
    guard let value = try? Value(json: String(decoding: bytes, as: UTF8.self)) else {
      throw MalformedMessage("it is not JSON")
    }
    return try InstanceRecord(json: value)
  }

  /// Writes a `state.json`, whole or not at all.
  package func write(_ path: String, durably: Bool) throws(SystemError) {
    var bytes: [UInt8] = []
    CanonicalJSON.write(json, into: &bytes)
    bytes.append(UInt8(ascii: "\n"))
    try Files.replace(path, with: bytes, durably: durably)
  }
}

/// Which instance of a workload it is.
package struct InstancePlace: Equatable {
  /// Its place among the replicas, from 0.
  package var ordinal: Int
  /// 0, or the number of the surge that it was made for.
  package var generation: Int
  /// Whether it stands before all instances, for the services that run once per run.
  package var isBefore: Bool

  package init(ordinal: Int, generation: Int, isBefore: Bool) {
    self.ordinal = ordinal
    self.generation = generation
    self.isBefore = isBefore
  }
}
