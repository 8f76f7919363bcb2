import DockerAPI
import Planning
import ProviderKit
import Synchronization
import Testing
import Values

@testable import DockerProvider

/// What a lock of labels must stand, besides the contract.
@Suite(.serialized, TestEngine.isThere) struct LockVolumeTests {
  private func holder(_ token: String) -> LockHolder {
    LockHolder(token: token, description: "ada", since: Timestamp(milliseconds: 1))
  }

  private func volumes(of world: DockerWorld) async throws -> [String] {
    try await world.leftovers().filter { $0.hasPrefix(world.storeNames.lock(of: world.key)) }
  }

  @Test("It is one volume whatever happened") func itIsOneVolumeWhateverHappened() async throws {
    try await withDocker { world in
      let store = world.openStore()
      for number in 1...3 {
        #expect(try await store.tryLock(world.key, as: holder("\(number)")) == .acquired)
        #expect(try await store.beat(world.key, token: "\(number)"))
        try await store.unlock(world.key, token: "\(number)")
        #expect(try await store.lock(of: world.key) == nil)
        #expect(try await volumes(of: world).count == 1)
      }
      let others = try await store.workloads(in: nil)
      #expect(others == [])
    }
  }

  @Test("Who looked long ago takes nothing") func whoLookedLongAgoTakesNothing() async throws {
    try await withDocker { world in
      let client = try await world.connection.client()
      let sweeper = VolumeSweeper()
      let volume = VersionedVolume(
        client: client, prefix: world.storeNames.lock(of: world.key), subject: "it", sweeper: sweeper,
        memory: VersionMemory())
      let store = world.openStore()
      _ = try await store.tryLock(world.key, as: holder("a"))
      try await store.unlock(world.key, token: "a")
      let free = try await volume.versions()
      for token in ["b", "c"] {
        _ = try await store.tryLock(world.key, as: holder(token))
        try await store.unlock(world.key, token: token)
      }
      _ = try await store.tryLock(world.key, as: holder("d"))
      // The next name after what was seen is free again, for what had it was left behind and deleted.
      let late = try await volume.commit([Label.version: Label.currentVersion], after: free)
      #expect(late == nil)
      await sweeper.finish(on: client)
      #expect(try await store.lock(of: world.key)?.holder == holder("d"))
      // The holder's own store deletes what it has no more use for a little later.
      try await eventually("one version stays") { try await volumes(of: world).count == 1 }
    }
  }

  @Test("Who has lost it gives nothing back") func whoHasLostItGivesNothingBack() async throws {
    try await withDocker { world in
      let (slow, other) = (world.openStore(), world.openStore())
      #expect(try await slow.tryLock(world.key, as: holder("slow")) == .acquired)
      let seen = try #require(try await other.lock(of: world.key))
      #expect(try await other.breakLock(world.key, seen: seen))
      #expect(try await other.tryLock(world.key, as: holder("other")) == .acquired)
      // Once all versions but the last are deleted, the next name after what the slow one knows is free again.
      #expect(try await other.beat(world.key, token: "other"))
      try await eventually("one version stays") { try await volumes(of: world).count == 1 }
      try await slow.unlock(world.key, token: "slow")
      #expect(try await other.lock(of: world.key)?.holder == holder("other"))
      #expect(try await slow.tryLock(world.key, as: holder("third")) != .acquired)
      #expect(try await other.beat(world.key, token: "other"))
      try await eventually("one version stays") { try await volumes(of: world).count == 1 }
    }
  }

  @Test("Of many waiters that break it, one does") func ofManyWhoBreakItOneDoes() async throws {
    try await withDocker { world in
      let stores = (0..<8).map { _ in world.openStore() }
      _ = try await stores[0].tryLock(world.key, as: holder("silent"))
      let seen = try #require(try await stores[0].lock(of: world.key))
      let broken = try await withThrowingTaskGroup(of: Bool.self) { group in
        for (number, store) in stores.enumerated() {
          group.addTask {
            let isBroken = try await store.breakLock(world.key, seen: seen)
            // Whoever takes it next must not lose it to those who are late.
            if isBroken { _ = try await store.tryLock(world.key, as: holder("\(number)")) }
            return isBroken
          }
        }
        return try await group.reduce(0) { $0 + ($1 ? 1 : 0) }
      }
      #expect(broken == 1)
      #expect(try await stores[0].lock(of: world.key) != nil)
      #expect(try await stores[0].beat(world.key, token: "silent") == false)
    }
  }

  /// Counts who is at work at once.
  private final class Occupancy: Sendable {
    private let count = Atomic<Int>(0)

    func enter() -> Int { count.add(1, ordering: .sequentiallyConsistent).newValue }
    func leave() { count.subtract(1, ordering: .sequentiallyConsistent) }
  }

  @Test("Two never hold it") func twoNeverHoldIt() async throws {
    try await withDocker { world in
      let inside = Occupancy()
      let turns = try await withThrowingTaskGroup(of: Int.self) { group in
        for worker in 0..<6 {
          let store = world.openStore()
          group.addTask {
            var turns = 0
            while turns < 4 {
              let token = "\(worker)-\(turns)"
              guard try await store.tryLock(world.key, as: holder(token)) == .acquired else {
                try await Task.sleep(for: .milliseconds(2))
                continue
              }
              #expect(inside.enter() == 1)
              #expect(try await store.lock(of: world.key)?.holder.token == token)
              #expect(try await store.beat(world.key, token: token))
              inside.leave()
              try await store.unlock(world.key, token: token)
              turns += 1
            }
            return turns
          }
        }
        return try await group.reduce(0, +)
      }
      #expect(turns == 24)
      #expect(try await volumes(of: world).count == 1)
    }
  }
}
