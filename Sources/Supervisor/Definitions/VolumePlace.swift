import Values

/// Where a service sees a volume, and where the volume is.
package struct VolumePlace: Equatable, Sendable {
  /// The name in the spec.
  package var name: String
  /// The way down to it from the service's root.
  package var path: [String]
  /// Where that is from outside: under the root, or within the innermost volume around it.
  package var place: FolderPlace
  /// Where its data is, and where that goes which takes its place.
  package var location: VolumeLocation
  package var kind: Kind
  /// Whether the service can't write to it.
  package var isReadOnly: Bool

  /// What a volume is, for one who puts it in place.
  package enum Kind: Equatable, Sendable {
    /// A folder that berth made.
    case made
    /// A folder or file of the machine, which berth neither makes, deletes nor gives to another user.
    case given
    /// Memory, with its size in bytes and its permissions, as far as they are said; where nothing can be mounted, a
    /// folder that is emptied at each start.
    case memory(size: Int64?, mode: UInt32?)
  }

  package init(
    name: String, path: [String], place: FolderPlace, location: VolumeLocation, kind: Kind = .made,
    isReadOnly: Bool = false
  ) {
    self.name = name
    self.path = path
    self.place = place
    self.location = location
    self.kind = kind
    self.isReadOnly = isReadOnly
  }

  /// Whether it is memory.
  package var isMemory: Bool { if case .memory = kind { true } else { false } }
}

/// Where a volume is.
package struct VolumeLocation: Equatable, Sendable {
  /// The folder that its data is in.
  package var folder: String
  /// What the paths begin with to which what took its place is moved; a hyphen and a number follow.
  package var recovery: String

  /// A place for a volume's data.
  package init(folder: String, recovery: String) {
    self.folder = folder
    self.recovery = recovery
  }
}

// MARK: JSON

extension VolumePlace {
  /// As it is sent to a supervisor, and stands in `state.json`. A supervisor of an older berth makes a link of it.
  var json: Value {
    var members: [Value.Member] = [
      .init("name", .string(name)), .init("way", .texts(path)), .init("place", place.json),
      .init("link", .string(location.folder)), .init("recovery", .string(location.recovery)),
    ]
    switch kind {
    case .made: break
    case .given: members.append(.init("kind", "given"))
    case .memory(let size, let mode):
      members.append(.init("kind", "memory"))
      if let size { members.append(.init("size", .int(size))) }
      if let mode { members.append(.init("mode", .int(Int64(mode)))) }
    }
    if isReadOnly { members.append(.init("readOnly", true)) }
    return .map(members)
  }

  /// Reads what ``json`` wrote, or an older berth, which says no more than the place and the folder.
  ///
  /// - Parameter outer: the volumes that it may lie in.
  init(json: Value, outer: [VolumePlace]) throws(MalformedMessage) {
    place = try FolderPlace(json: try json.member("place"))
    let folder = try json.text("link")
    location = VolumeLocation(folder: folder, recovery: json["recovery"]?.string ?? folder + ".recovered")
    name = json["name"]?.string ?? place.path.last ?? ""
    if json["way"] != nil {
      path = try json.texts("way")
    } else {
      let base = place.base
      path = (outer.first { $0.location.folder == base }?.path ?? []) + place.path
    }
    switch json["kind"]?.string {
    case nil: kind = .made
    case "given": kind = .given
    case "memory":
      kind = .memory(size: json["size"]?.int, mode: json["mode"]?.int.flatMap { UInt32(exactly: $0) })
    case let other?: throw MalformedMessage("an unknown kind of volume `\(other)`")
    }
    isReadOnly = json["readOnly"]?.bool ?? false
  }

  /// Reads what ``json`` wrote, or an older berth of a volume that lies in no other.
  init(json: Value) throws(MalformedMessage) { try self.init(json: json, outer: []) }
}
