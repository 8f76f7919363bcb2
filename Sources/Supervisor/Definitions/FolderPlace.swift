import Crypto
import Values

/// A place under a folder.
package struct FolderPlace: Hashable, Sendable, CustomStringConvertible {
  /// The folder, which berth made: a service's root or a volume.
  package var base: String
  /// The way down from there, without `.` and `..`.
  package var path: [String]

  package init(base: String, path: [String]) {
    self.base = base
    self.path = path
  }

  /// The whole path.
  package var description: String { ([base] + path).joined(separator: "/") }
}

/// A file that a service must find.
package struct FolderItem: Equatable {
  var place: FolderPlace
  var bytes: [UInt8]
  var mode: UInt32
  /// Who it belongs to; `nil` for who the service runs as.
  var owner: FileOwner?

  package init(place: FolderPlace, bytes: [UInt8], mode: UInt32, owner: FileOwner? = nil) {
    self.place = place
    self.bytes = bytes
    self.mode = mode
    self.owner = owner
  }
}

/// A place at which a service must find nothing any more.
package struct ObsoletePlace: Equatable {
  package var place: FolderPlace
  /// The digest of what was written there, if the file must stay once it holds something else; see ``digest(_:)``.
  var digest: String?

  /// A place, with what was written there if the file must stay once it holds something else.
  package init(place: FolderPlace, holding bytes: [UInt8]? = nil) {
    self.place = place
    digest = bytes.map(Self.digest)
  }

  /// The digest of what a file holds (SHA-256).
  static func digest(_ bytes: [UInt8]) -> String { Hex.lower(SHA256.hash(data: bytes)) }
}

// MARK: JSON

extension FolderPlace {
  /// As it is sent to a supervisor.
  var json: Value { ["base": .string(base), "path": .texts(path)] }

  /// Reads what ``json`` wrote.
  init(json: Value) throws(MalformedMessage) {
    base = try json.text("base")
    path = try json.texts("path")
  }
}

extension FolderItem {
  /// As it is sent to a supervisor.
  var json: Value {
    var members: [Value.Member] = [
      .init("place", place.json), .init("bytes", .string(Hex.lower(bytes))), .init("mode", .int(Int64(mode))),
    ]
    if let owner { members.append(.init("owner", owner.json)) }
    return .map(members)
  }

  /// Reads what ``json`` wrote.
  init(json: Value) throws(MalformedMessage) {
    place = try FolderPlace(json: try json.member("place"))
    bytes = try json.bytes("bytes")
    mode = UInt32(truncatingIfNeeded: try json.number("mode"))
    if let owner = json["owner"] { self.owner = try FileOwner(json: owner) }
  }
}

extension ObsoletePlace {
  /// As it is sent to a supervisor; one of an older berth sees the place alone.
  var json: Value {
    var members = place.json.members ?? []
    if let digest { members.append(.init("digest", .string(digest))) }
    return .map(members)
  }

  /// Reads what ``json`` wrote.
  init(json: Value) throws(MalformedMessage) {
    place = try FolderPlace(json: json)
    digest = json["digest"]?.string
  }
}
