import Values

/// Where a service sees a volume, and where the volume is.
struct VolumePlace: Equatable, Sendable {
  /// The name in the spec.
  var name: String
  /// The way down to it from the service's root.
  var path: [String]
  /// Where that is from outside: under the root, or within the innermost volume around it.
  var place: FolderPlace
  /// Where its data is, and where that goes which takes its place.
  var location: VolumeLocation
  /// What it is.
  var kind = Kind.made
  /// Whether the service can't write to it.
  var isReadOnly = false

  /// What a volume is, for one who puts it in place.
  enum Kind: Equatable, Sendable {
    /// A folder that berth made.
    case made
    /// A folder or file of the machine, which berth neither makes, deletes nor gives to anyone.
    case given
    /// Memory, with its size in bytes and its permissions, as far as they are said; where nothing can be mounted, a
    /// folder that is emptied at each start.
    case memory(size: Int64?, mode: UInt32?)
  }

  /// Whether it is memory.
  var isMemory: Bool { if case .memory = kind { true } else { false } }
}

/// Where a volume is.
struct VolumeLocation: Equatable, Sendable {
  /// The folder that its data is in.
  var folder: String
  /// What the paths begin with to which what took its place is moved; a hyphen and a number follow.
  var recovery: String
}

// MARK: JSON

extension VolumePlace {
  /// As it is sent to a supervisor, and stands in `state.json`. A supervisor of an older berth makes a link of it.
  var json: Value {
    var members: [Value.Member] = [
      .init("name", .string(name)), .init("way", .list(path.map { .string($0) })), .init("place", place.json),
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
  init(json: Value, outer: [VolumePlace] = []) throws(MalformedRecord) {
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
    case let other?: throw MalformedRecord("an unknown kind of volume `\(other)`")
    }
    isReadOnly = json["readOnly"]?.bool ?? false
  }
}
