import DockerAPI
import ProviderKit

/// Something that one at a time changes, kept in the labels of an empty volume.
///
/// An engine makes a volume at once or not at all, gives its name to one only, and tells its labels in a
/// millisecond, where reading a file takes it fifty. Labels never change, so that each change is a new volume, whose
/// name is the next version's. The process that makes it has made the change; one that comes too late finds another's labels
/// on it, looks again, and tries the version after that.
struct VersionedVolume: Sendable {
  let client: DockerClient
  /// What the names of the versions start with; the number follows.
  let prefix: String
  /// What is kept, in words.
  let subject: String
  /// Deletes the versions that are needed no more.
  let sweeper: VolumeSweeper
  /// What was seen before.
  let memory: VersionMemory

  private static let lineageLabel = Label.prefix + "lineage"

  /// How many of the changes before it a version names, so that who made one finds it among them.
  private static let lineageLength = 32
  /// How often it is looked anew.
  private static let attempts = 200

  /// A version that is there.
  struct Version: Sendable {
    let number: Int
    let name: String
    let labels: [String: String]
    fileprivate let lineage: [Substring]
  }

  /// The last version, if there is any.
  ///
  /// - Parameters:
  ///   - listed: what the engine has just listed, if it was asked.
  ///   - other: what the names of another thing's versions start with, which are looked up in the same call.
  func last(in listed: [Volume]? = nil, rememberingAlso other: String? = nil) async throws -> Version? {
    try await versions(in: listed, rememberingAlso: other).last
  }

  /// The versions that there are, the last one last: one, or a few while it changes.
  ///
  /// - Parameters:
  ///   - listed: what the engine has just listed, if it was asked.
  ///   - other: what the names of another thing's versions start with, which are looked up in the same call.
  func versions(in listed: [Volume]? = nil, rememberingAlso other: String? = nil) async throws -> [Version] {
    var (listed, unlabelled) = (listed, String?.none)
    for _ in 0..<Self.attempts {
      let prefixes = [prefix, other].compactMap(\.self)
      let volumes: [Volume]
      if let known = listed.take() {
        volumes = known
      } else {
        volumes = try await client.volumes.list(filters: ["name": prefixes.map { "^\($0)" }])
      }
      let listings = prefixes.map { Listing(of: $0, in: volumes) }
      for listing in listings where listing.isWhole { memory.note(listing.versions, of: listing.prefix) }
      if listings[0].isWhole { return listings[0].versions }
      unlabelled = listings[0].unlabelled?.name
      try await Task.sleep(for: .milliseconds(5))
    }
    throw StoreError(
      "the volume `\(unlabelled ?? prefix)` is in the way of \(subject): berth did not create it",
      help: "look at what it holds, and remove it")
  }

  /// The versions of a thing as an engine lists them.
  private struct Listing {
    let prefix: String
    /// Those that are there, the last one last.
    var versions: [Version] = []
    /// The last one that is told without labels.
    var unlabelled: (number: Int, name: String)?

    init(of prefix: String, in volumes: [Volume]) {
      self.prefix = prefix
      for volume in volumes {
        guard volume.name.hasPrefix(prefix), let number = Int(volume.name.dropFirst(prefix.count)) else {
          continue
        }
        guard let labels = volume.labels, let lineage = labels[VersionedVolume.lineageLabel] else {
          if number > unlabelled?.number ?? 0 { unlabelled = (number, volume.name) }
          continue
        }
        versions.append(
          Version(number: number, name: volume.name, labels: labels, lineage: lineage.split(separator: " ")))
      }
      versions.sort { $0.number < $1.number }
    }

    /// Whether none is missing: an engine that deletes a volume while it lists them tells the name, and no labels any
    /// more. What came after that version may be younger than the list.
    var isWhole: Bool { unlabelled == nil || unlabelled!.number < versions.last?.number ?? 0 }
  }

  /// The last version that was there at the last look; `nil` if that was not just now.
  func remembered() -> Version? { memory.versions(of: prefix)?.last }

  /// Tries something with the versions until it comes to something.
  ///
  /// It is tried with the versions as they were seen last, if they were. They may not be all: that is enough for who
  /// makes the next one, and is told if another has come since. What comes to nothing, or is refused, is tried again
  /// with the versions as they are.
  ///
  /// - Parameter attempt: returns `nil` for another try, or if what it was given may be old.
  /// - Returns: `nil` if it came to nothing however often it was tried.
  func attempting<Result>(
    _ attempt: ([Version], _ isFresh: Bool) async throws -> Result?
  ) async throws -> Result? {
    if let versions = memory.versions(of: prefix), !versions.isEmpty {
      do {
        if let result = try await attempt(versions, false) { return result }
      } catch let error where error is DockerError || error is CancellationError {
        throw error
      } catch {
        // It may not be so any more.
      }
    }
    for _ in 0..<Self.attempts {
      if let result = try await attempt(try await versions(), true) { return result }
      // Those who were in each other's way come at different times.
      try await Task.sleep(for: .milliseconds(Int.random(in: 1...20)))
    }
    return nil
  }

  /// Makes the next version, which may already be followed by others when this returns.
  ///
  /// - Parameters:
  ///   - before: the versions that were there, as ``attempting(_:)`` tells them.
  ///   - other: what the names of another thing's versions start with, which are looked up in the same call.
  /// - Returns: the last version after that; `nil` if nothing was changed, because another process was quicker.
  func commit(
    _ labels: [String: String], after before: [Version], rememberingAlso other: String? = nil
  ) async throws -> Version? {
    guard let (name, token) = try await make(labels, after: before) else { return nil }
    // Who looked long ago may have made anew a version that was left behind and deleted meanwhile: only what
    // the last one descends from has happened.
    let versions = try await versions(rememberingAlso: other)
    guard let last = versions.last, last.lineage.contains(Substring(token)) else {
      await sweeper.delete([name], on: client)
      return nil
    }
    await sweeper.delete(versions.dropLast().map(\.name), on: client)
    memory.note([last], of: prefix)
    return last
  }

  /// Makes the next version without a look at what became of it, where nothing hangs on that. One that came too late is
  /// deleted by the next change that is looked at.
  ///
  /// - Parameter before: the versions that were there, as ``attempting(_:)`` tells them.
  /// - Returns: whether it was made.
  func commitUnseen(_ labels: [String: String], after before: [Version]) async throws -> Bool {
    guard try await make(labels, after: before) != nil else { return false }
    memory.forget(prefix)
    await sweeper.delete(before.map(\.name), on: client)
    return true
  }

  /// - Returns: what the next version is called, and what its lineage begins with; `nil` if another process made it.
  private func make(
    _ labels: [String: String], after before: [Version]
  ) async throws -> (name: String, token: String)? {
    let name = "\(prefix)\((before.last?.number ?? 0) + 1)"
    let token = String(UInt64.random(in: .min ... .max), radix: 36)
    let lineage = [token] + (before.last?.lineage.map(String.init) ?? []).prefix(Self.lineageLength - 1)
    let text = lineage.joined(separator: " ")
    let made = try await client.volumes.create(
      VolumeCreation(name: name, labels: labels.merging([Self.lineageLabel: text]) { $1 }))
    guard made.labels?[Self.lineageLabel] == text else {
      memory.forget(prefix)
      return nil
    }
    return (name, token)
  }
}
