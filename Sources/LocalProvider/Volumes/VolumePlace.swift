import WorkloadSpec

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
    [
      "name": .string(name), "way": .list(path.map { .string($0) }), "place": place.json,
      "link": .string(location.folder), "recovery": .string(location.recovery),
    ]
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
  }
}
