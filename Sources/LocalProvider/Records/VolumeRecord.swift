import Planning
import Supervisor
import Values
import WorkloadSpec

/// What `volume.json` holds of a persistent volume.
struct VolumeRecord: Equatable {
  var key: WorkloadKey
  /// The name in the spec.
  var name: String
  /// The ordinal of the instance that it belongs to; `nil` if all share it.
  var ordinal: Int?
  /// How large it is said to be.
  var size: ByteQuantity?

  /// As it stands in `volume.json`.
  var json: Value {
    var members: [Value.Member] = [
      .init("version", 1), .init("namespace", .string(key.namespace)), .init("workload", .string(key.name)),
      .init("volume", .string(name)),
    ]
    if let ordinal { members.append(.init("ordinal", .int(Int64(ordinal)))) }
    if let size { members.append(.init("size", size.plain)) }
    return .map(members)
  }

  init(key: WorkloadKey, name: String, ordinal: Int?, size: ByteQuantity?) {
    self.key = key
    self.name = name
    self.ordinal = ordinal
    self.size = size
  }

  /// Reads what ``json`` wrote.
  init(json: Value) throws(MalformedMessage) {
    key = WorkloadKey(namespace: try json.text("namespace"), name: try json.text("workload"))
    name = try json.text("volume")
    ordinal = json["ordinal"]?.int.map { Int($0) }
    size = json["size"]?.string.flatMap { ByteQuantity($0) }
  }

  /// Reads the record of a volume; `nil` if there is none.
  static func read(_ folder: VolumeFolder) throws -> VolumeRecord? {
    guard let bytes = try Files.read(folder.recordFile) else { return nil }
    guard let value = try? Value(json: String(decoding: bytes, as: UTF8.self)) else {
      throw MalformedMessage("it is not JSON")
    }
    return try VolumeRecord(json: value)
  }

  func write(_ folder: VolumeFolder) throws(SystemError) {
    var bytes: [UInt8] = []
    CanonicalJSON.write(json, into: &bytes)
    bytes.append(UInt8(ascii: "\n"))
    try Files.replace(folder.recordFile, with: bytes, durably: true)
  }
}
