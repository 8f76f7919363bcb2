import Planning
import ProviderKit
import Supervisor
import Values
import WorkloadSpec

/// A service as it was made, with what it sees of its volumes and what it found in its root.
struct MadeService {
  /// What is known of it.
  let record: ServiceRecord
  /// The spec that it was made from, as its record holds it.
  let spec: Service
  let places: VolumePlaces

  /// A service of an instance.
  ///
  /// - Throws: `DiagnosticError` if what it was made from can't be read.
  init(_ record: ServiceRecord, of key: WorkloadKey, _ id: InstanceID, in layout: Layout) throws {
    self.record = record
    spec = try Service(json: CanonicalJSON.compact(record.spec))
    places = layout.volumePlaces(of: record, made: spec, in: InstanceRecord(key: key, id: id))
  }

  /// Its texts, as it was given them.
  var texts: ServiceTexts { ServiceTexts(root: places.root, addresses: record.addresses) }

  // MARK: Volumes

  /// The volumes that it does not see at their paths, as far as that can be told, and why.
  func volumeProblems() -> [(volume: VolumePlace, problem: VolumeProblem)] {
    switch record.state {
    case .running, .starting, .stopped, .failed: break
    // They are just being put in place, or taken away.
    case .provisioning, .stopping: return []
    }
    // Where they are mounted, only the service's processes see them.
    if record.mountsVolumes, record.process == nil {
      return places.all.filter { !$0.isMemory && !Files.exists($0.location.folder) }.map { ($0, .isGone) }
    }
    let process = record.mountsVolumes ? record.process?.id : nil
    return places.all.compactMap { volume in
      VolumeProblem.find(volume, under: places.root, seenBy: process).map { (volume, $0) }
    }
  }

  // MARK: What is not wanted any more

  /// What it was given and is not wanted any more.
  ///
  /// - Parameters:
  ///   - wanted: the places at which something is wanted.
  ///   - digestKey: the key of the digests of what holds secrets.
  func obsolete(besides wanted: [FolderPlace], _ digestKey: [UInt8]?) -> [ObsoletePlace] {
    let files = spec.configFiles.compactMap { file in
      places.place(of: file.path).flatMap { obsolete(file, at: $0, digestKey) }
    }
    let secrets = spec.secrets.flatMap(\.filePaths).compactMap { places.place(of: $0) }
    let others = (secrets + places.all.map(\.place)).map { ObsoletePlace(place: $0) }
    return (files + others).filter { !wanted.contains($0.place) }
  }

  /// The config files in volumes that are not wanted any more and that were changed since: they stay.
  func kept(besides wanted: [FolderPlace], _ digestKey: [UInt8]?) -> [(name: String, place: FolderPlace)] {
    spec.configFiles.compactMap { file in
      guard let place = places.place(of: file.path), !wanted.contains(place), isInVolume(place),
        obsolete(file, at: place, digestKey) == nil, Files.kind(place.description) != nil
      else { return nil }
      return (file.name, place)
    }
  }

  /// Whether a place is in a volume, and not in the root.
  func isInVolume(_ place: FolderPlace) -> Bool { place.base != places.root }

  /// A config file that is to go; `nil` if it is in a volume and is not what was written there.
  private func obsolete(_ file: ConfigFile, at place: FolderPlace, _ digestKey: [UInt8]?) -> ObsoletePlace? {
    guard isInVolume(place) else { return ObsoletePlace(place: place) }
    guard let bytes = try? ServiceFolder.read(place), wrote(bytes, as: file, digestKey) else { return nil }
    return ObsoletePlace(place: place, holding: bytes)
  }

  private func wrote(_ bytes: [UInt8], as file: ConfigFile, _ digestKey: [UInt8]?) -> Bool {
    guard file.holdsSecrets else {
      return bytes == Array(texts.fillText(file.content).utf8)
    }
    return file.isSealed(bytes, by: record.secretDigests[file.sealName]?.string, digestKey) ?? false
  }
}
