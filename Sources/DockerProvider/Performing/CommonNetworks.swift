import DockerAPI
import ProviderKit

/// Networks that containers of several workloads are in. Each lock holds one workload, so that two may make such a network, use
/// it, and take it away at the same time: every step here comes to the same whichever of them is first, and none of them
/// is done but once.
struct CommonNetworks: Sendable {
  let client: DockerClient

  /// How often it is tried to have one network of a name.
  private static let attempts = 20

  // MARK: Making

  /// Sees to it that there is a network, and one only: engines let two of a name be made at the same time.
  ///
  /// - Throws: `ActionFailure` if something that is not ours has the name, or no addresses are left.
  func make(_ creation: NetworkCreation) async throws {
    for attempt in 0..<Self.attempts {
      let found = try await list(creation.name)
      guard found.allSatisfy({ Label.isSameUse($0.labels, as: creation.labels) }) else {
        throw ActionFailure("the network `\(creation.name)` is in the way: berth did not create it")
      }
      switch found.count {
      case 0: try await create(creation)
      case 1: return
      default: try await removeDuplicates(found)
      }
      if attempt > 1 { try await Task.sleep(for: .milliseconds(.random(in: 1...50))) }
    }
    throw ActionFailure(
      "the engine has several networks `\(creation.name)`: remove all but one, `docker network rm ID`")
  }

  private func create(_ creation: NetworkCreation) async throws {
    do {
      try await client.networks.create(creation)
    } catch let error as DockerError where error.isConflict {
      // Another one has made it meanwhile.
    } catch let error as DockerError where AddressPools.isExhaustion(error) {
      throw ActionFailure(
        "the engine has no addresses left for the network `\(creation.name)` (\(error.message)): \(AddressPools.help)"
      )
    } catch let error as DockerError
      where Self.canNotFilter(error) && creation.options[Self.reachesOthers] != nil
    {
      // The machine's kernel does without what filters within a bridge.
      var open = creation
      open.options[Self.reachesOthers] = nil
      try await create(open)
    }
  }

  /// Leaves one network of several of a name: one that is in use, else the one whose id is the least.
  private func removeDuplicates(_ networks: [Network]) async throws {
    var unused: [Network] = []
    for network in networks.sorted(by: { $0.id < $1.id }) where try await isUnused(network.id) {
      unused.append(network)
    }
    for network in unused.count == networks.count ? unused.dropFirst() : unused[...] {
      await remove(network)
    }
  }

  /// The option of a bridge that says whether those in it reach each other.
  static let reachesOthers = "com.docker.network.bridge.enable_icc"

  // MARK: Taking away

  /// Takes a network away that no container is in any more, running or not.
  ///
  /// What fails is done when the next container leaves: an engine refuses to remove a network that a container has just joined,
  /// and an action that was about to join makes it anew.
  func removeIfUnused(_ name: String) async {
    guard (try? await isUnused(name)) == true, let found = try? await list(name) else { return }
    for network in found where network.labels?[Label.version] != nil { await remove(network) }
  }

  /// Takes a network away that no other container is in than one that was stopped and is about to go: the command after a
  /// crash finds both by what the container knows of its networks.
  func removeIfLast(_ container: String, in name: String) async {
    guard let users = try? await client.containers.list(filters: ["network": [name]]),
      users.allSatisfy({ $0.id == container }), let found = try? await list(name)
    else { return }
    for network in found where network.labels?[Label.version] != nil { await remove(network) }
  }

  private func isUnused(_ network: String) async throws -> Bool {
    try await client.containers.list(filters: ["network": [network]]).isEmpty
  }

  private func remove(_ network: Network) async {
    _ = try? await client.networks.remove(network.id, patience: .seconds(3))
  }

  private func list(_ name: String) async throws -> [Network] {
    // An engine takes it for a pattern.
    try await client.networks.list(filters: ["name": ["^\(name)$"]]).filter { $0.name == name }
  }

  // MARK: What engines say

  /// Does something that needs networks, again for as long as one of them is lost.
  ///
  /// - Parameter afterLoss: sees to it that they are there.
  static func retrying(
    _ body: () async throws -> Void, afterLoss: () async throws -> Void
  ) async throws {
    for attempt in 1... {
      do { return try await body() } catch let error as DockerError where isLost(error) && attempt < attempts
      {
        try await afterLoss()
        if attempt > 1 { try await Task.sleep(for: .milliseconds(.random(in: 1...50))) }
      }
    }
  }

  /// Whether an engine refuses something because a network has been removed, or there are two of its name for now.
  private static func isLost(_ error: DockerError) -> Bool {
    error.message.contains("network")
      && ["not found", "ambiguous", "does not exist"].contains { error.message.contains($0) }
  }

  /// Whether the kernel of an engine's machine lacks what keeps those in a network apart.
  static func canNotFilter(_ error: DockerError) -> Bool {
    error.message.contains("cannot restrict inter-container communication")
  }

  /// Whether an engine has no room in a network for another container.
  static func isFull(_ error: DockerError) -> Bool {
    ["exchange full", "no available IPv4 addresses", "no available addresses"].contains {
      error.message.contains($0)
    }
  }
}
