import Foundation
import Planning
import ProviderKit
import Testing

@testable import LocalProvider

@Suite struct LocalStoreLockTests {
  let folder = StoreFolder()

  @Test("A lock is held by one") func aLockIsHeldByOne() async throws {
    let (one, two) = (folder.store(), folder.store())
    #expect(try await one.tryLock(shop, as: holder("a")) == .acquired)
    #expect(try await one.tryLock(shop, as: holder("a")) == .acquired)
    let record = LockRecord(holder: holder("a"), beat: 0)
    #expect(try await two.tryLock(shop, as: holder("b")) == .held(record))
    #expect(try await two.lock(of: shop) == record)
    #expect(
      try await two.tryLock(WorkloadKey(namespace: "team-b", name: "shop"), as: holder("b")) == .acquired)

    try await two.unlock(shop, token: "b")
    #expect(try await two.lock(of: shop) == record)
    try await one.unlock(shop, token: "a")
    #expect(try await two.lock(of: shop) == nil)
    #expect(try await two.tryLock(shop, as: holder("b")) == .acquired)
    #expect(try await !one.beat(shop, token: "a"))
  }

  @Test("A beat keeps a lock from being broken") func aBeatKeepsALockFromBeingBroken() async throws {
    let (one, two) = (folder.store(), folder.store())
    _ = try await one.tryLock(shop, as: holder("a"))
    let seen = try #require(try await two.lock(of: shop))
    #expect(try await one.beat(shop, token: "a"))
    #expect(try await !two.breakLock(shop, seen: seen))
    let seenLater = try #require(try await two.lock(of: shop))
    #expect(seenLater.beat == 1)
    #expect(try await two.breakLock(shop, seen: seenLater))
    #expect(try await !two.breakLock(shop, seen: seenLater))
    #expect(try await !one.beat(shop, token: "a"))
    #expect(try await two.tryLock(shop, as: holder("b")) == .acquired)
  }

  @Test("A holder that is gone is known to be") func aHolderThatIsGoneIsKnownToBe() async throws {
    let store = folder.store()
    _ = try await store.tryLock(shop, as: holder("a"))
    #expect(try await store.lock(of: shop)?.holderIsGone == false)
    // Another process has this process's number now.
    try folder.tamper("UPDATE locks SET processStart = processStart - 1")
    #expect(try await store.lock(of: shop)?.holderIsGone == true)
    guard case .held(let record) = try await store.tryLock(shop, as: holder("b")) else {
      Issue.record("the lock was not held")
      return
    }
    #expect(record.holderIsGone)
    #expect(try await store.breakLock(shop, seen: record))
  }

  @Test("Of a holder that told nothing nothing is known") func ofAHolderThatToldNothingNothingIsKnown()
    async throws
  {
    let store = folder.store()
    _ = try await store.tryLock(shop, as: holder("a"))
    try folder.tamper("UPDATE locks SET boot = NULL, processStart = 1")
    #expect(try await store.lock(of: shop)?.holderIsGone == false)
  }

  @Test("Who is gone for certain") func whoIsGoneForCertain() {
    let here = LockOwner(
      processID: 10, processStart: 500, processNamespace: "pid:[1]", boot: "b1", machine: "m1")
    func isGone(_ change: (inout LockOwner) -> Void, _ life: ProcessLife) -> Bool {
      var owner = LockOwner(
        processID: 42, processStart: 700, processNamespace: "pid:[1]", boot: "b1", machine: "m1")
      change(&owner)
      return owner.isGone(seenFrom: here) { id in id == 42 ? life : .unknown }
    }
    #expect(!isGone({ _ in }, .alive(since: 700)))
    #expect(isGone({ _ in }, .alive(since: 701)), "the number is another process's now")
    #expect(isGone({ _ in }, .gone))
    #expect(!isGone({ _ in }, .unknown))
    #expect(isGone({ $0.boot = "b0" }, .alive(since: 700)), "the machine was booted again")
    #expect(!isGone({ ($0.boot, $0.machine) = ("b0", "m2") }, .gone), "another machine")
    #expect(!isGone({ ($0.boot, $0.machine) = ("b0", nil) }, .gone), "perhaps another machine")
    #expect(!isGone({ $0.processNamespace = "pid:[2]" }, .gone), "a process of a container")
  }

  @Test(
    "The state of a process is read",
    arguments: [
      ("42 (api) S 1 42 42 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 1 0 700 9 9", ProcessLife.alive(since: 700)),
      ("42 (a) Z) (b c) R 1 42 42 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 1 0 701 9 9", .alive(since: 701)),
      ("42 (api) Z 1 42 42 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 1 0 700 9 9", .gone),
      ("42 (api) S 1", .unknown), ("", .unknown),
    ])
  func theStateOfAProcessIsRead(text: String, life: ProcessLife) {
    #expect(ProcessLife(stat: text) == life)
  }

  @Test("This process lives") func thisProcessLives() throws {
    let current = try #require(LockOwner.current)
    #expect(!current.isGone)
    #expect(current.processID == ProcessInfo.processInfo.processIdentifier)
  }
}
