import Foundation
import Planning
import ProviderKit
import Testing
import WorkloadSpec

@testable import LocalProvider

@Suite struct LocalStoreConcurrencyTests {
  /// The answers of some tasks that run at the same time.
  private func together<Answer: Sendable>(
    _ count: Int, _ body: @escaping @Sendable (Int) async throws -> Answer
  ) async throws -> [Answer] {
    try await withThrowingTaskGroup(of: Answer.self) { group in
      for index in 0..<count { group.addTask { try await body(index) } }
      return try await group.reduce(into: []) { $0.append($1) }
    }
  }

  @Test("Many make the file at once") func manyMakeTheFileAtOnce() async throws {
    for _ in 0..<100 {
      let folder = StoreFolder()
      let keys = try await together(6) { _ in try await folder.store().makeDigestKey(in: "default") }
      #expect(Set(keys).count == 1)
    }
  }

  @Test("Readers see all or nothing of a file that is made") func readersSeeAllOrNothingOfAFileThatIsMade()
    async throws
  {
    for _ in 0..<10 {
      let folder = StoreFolder()
      let numbers = try await together(6) { index in
        if index == 0 { return try await folder.store().record("r1")?.number ?? 0 }
        return try await folder.store().lastRelease(of: shop)?.number ?? 0
      }
      #expect(Set(numbers).isSubset(of: [0, 1]))
    }
  }

  @Test("One of many gets the lock") func oneOfManyGetsTheLock() async throws {
    let folder = StoreFolder()
    let attempts = try await together(8) { try await folder.store().tryLock(shop, as: holder("\($0)")) }
    #expect(attempts.count { $0 == .acquired } == 1)
  }

  @Test("Numbers are given once") func numbersAreGivenOnce() async throws {
    let folder = StoreFolder()
    // Runs of one workload take over from each other: each store has a workload of its own, and one more
    // key is shared by all under its lock.
    let numbers = try await together(4) { index in
      let store = folder.store()
      var own: [Int] = []
      for turn in 0..<5 {
        own.append(
          try await store.record("r\(index)-\(turn)", of: WorkloadKey(name: "shop-\(index)"))?.number ?? 0)
        let token = holder("\(index)-\(turn)")
        while try await store.tryLock(shop, as: token) != .acquired { await Task.yield() }
        _ = try await store.record("s\(index)-\(turn)")
        try await store.unlock(shop, token: token.token)
      }
      return own
    }
    #expect(numbers == Array(repeating: [1, 2, 3, 4, 5], count: 4))
    let shared = try await folder.store().releases(of: shop, before: nil, limit: 100).map(\.number)
    #expect(shared == Array((1...20).reversed()))
  }

  @Test("Between runs the file is the whole history") func betweenRunsTheFileIsTheWholeHistory() async throws
  {
    let folder = StoreFolder()
    let store = folder.store()
    _ = try await store.record("r1")
    let copy = StoreFolder()
    try FileManager.default.createDirectory(
      atPath: copy.root + "/state", withIntermediateDirectories: true)
    try FileManager.default.copyItem(atPath: folder.path, toPath: copy.path)
    #expect(try await copy.store().lastRelease(of: shop)?.number == 1)
  }

  @Test("What a killed process wrote is read") func whatAKilledProcessWroteIsRead() async throws {
    let folder = StoreFolder()
    let store = folder.store()
    _ = try await store.record("r1")
    try await store.begin(run("r2"))
    // What lies on the disk while the process lives is what it leaves when it is killed, but for the index of
    // the log, which dies with the machine.
    let copy = StoreFolder()
    try FileManager.default.createDirectory(
      atPath: copy.root + "/state", withIntermediateDirectories: true)
    for suffix in ["", "-wal"] {
      try FileManager.default.copyItem(atPath: folder.path + suffix, toPath: copy.path + suffix)
    }
    #expect(try await copy.store().lastRelease(of: shop)?.number == 1)
    #expect(try await copy.store().runs(of: shop, limit: 1).map(\.id) == [RunID("r2")])
    #expect(try await copy.store().record("r3")?.number == 2)
  }
}
