import DockerAPI
import Planning
import ProviderKit
import WorkloadSpec

/// The lock of a workload: a container that is never started. An engine gives its name to one only, and its labels
/// say who holds it.
struct LockContainer: Sendable {
  /// The engine.
  let client: DockerClient
  /// What the container is called.
  let names: StoreNames
  /// The workload.
  let key: WorkloadKey

  private static let token = Label.prefix + "token"
  private static let holder = Label.prefix + "holder"
  private static let since = Label.prefix + "since"

  private var name: String { names.lock(of: key) }

  /// A lock that is there.
  struct Found {
    /// The id of the container: no later lock has it.
    let id: String
    let record: LockRecord
  }

  /// Who holds the lock.
  ///
  /// - Throws: `StoreError` if something else sits on its name.
  func find() async throws -> Found? {
    guard let container = try await ifFound({ try await client.containers.inspect(name) }) else { return nil }
    guard let labels = container.config.labels, let token = labels[Self.token],
      let description = labels[Self.holder], let since = labels[Self.since].flatMap({ Int64($0) })
    else {
      throw StoreError(
        "the container `\(name)` is in the way of the lock of \(key): berth did not create it",
        help: "rename or remove it")
    }
    let holder = LockHolder(
      token: token, description: description, since: Timestamp(milliseconds: since))
    return Found(
      id: container.id,
      record: LockRecord(holder: holder, beat: container.host.restartPolicy?.maximumRetries ?? 0))
  }

  /// Takes the lock, if nobody holds it.
  func take(as holder: LockHolder) async throws -> LockAttempt {
    var config = ContainerConfig()
    config.image = Archive.image
    config.command = ["never-started"]
    config.labels = [
      Self.token: holder.token, Self.holder: holder.description, Self.since: "\(holder.since.milliseconds)",
    ]
    var host = HostConfig()
    host.networkMode = "none"
    host.restartPolicy = Self.beat(1)
    while true {
      do {
        try await client.containers.create(named: name, ContainerCreation(config: config, host: host))
        return .acquired
      } catch let error as DockerError where error.isConflict {
        // It may have been given back just now.
        guard let found = try await find() else { continue }
        return found.record.holder.token == holder.token ? .acquired : .held(found.record)
      }
    }
  }

  /// Says that the holder is alive.
  ///
  /// A beat is a count of restarts that never happen: of a container that is not started, an engine changes
  /// nothing else so cheaply, and tells it along with the labels.
  ///
  /// - Returns: whether the lock is still the holder's.
  func beat(token: String) async throws -> Bool {
    guard let found = try await find(), found.record.holder.token == token else { return false }
    // By its id, so that nobody else's lock is touched.
    return try await ifFound {
      try await client.containers.update(
        found.id, ContainerUpdate(restartPolicy: Self.beat(found.record.beat &+ 1)))
    } != nil
  }

  private static func beat(_ number: Int) -> DockerAPI.RestartPolicy {
    DockerAPI.RestartPolicy(name: "on-failure", maximumRetries: number)
  }

  /// Removes the lock, if it is as a condition says.
  ///
  /// - Returns: whether it was this call that removed it.
  func remove(where isMeant: (LockRecord) -> Bool) async throws -> Bool {
    guard let found = try await find(), isMeant(found.record) else { return false }
    do {
      try await client.containers.remove(found.id, force: true)
      return true
    } catch let error as DockerError where error.isNotFound || error.isConflict {
      // Somebody else removed it, or is about to.
      return false
    }
  }
}
