import Foundation
import LocalProvider
import Planning
import Synchronization
import TestSupport
import Testing
import Values

/// Twenty people who apply the same five workloads at once, for a while.
@Suite struct ManyAppliersTests {
  /// How long they go on, in seconds.
  private static let patience: Double = Thoroughness.isFull ? 60 : 10

  private struct Count {
    var next = 0
    /// The versions that were applied with success, by workload.
    var applied: [Int: [Int]] = [:]
    var complaints: [String] = []
  }

  @Test("They come one after the other") func theyComeOneAfterTheOther() async throws {
    // It is shared by threads that all use it for the same: to run the program.
    nonisolated(unsafe) let sandbox = try Sandbox()
    let count = Mutex(Count())
    let end = Date().addingTimeInterval(Self.patience)
    @Sendable func spec(_ workload: Int, _ version: Int) -> String {
      """
      name: w\(workload)
      strategy: {type: recreate}
      services:
        - {name: main, command: [/bin/sleep, "86400"], env: {VERSION: "\(version)"}, stopGrace: 1s}
      """
    }
    DispatchQueue.concurrentPerform(iterations: 20) { applier in
      var round = 0
      while Date() < end || round == 0 {
        round += 1
        let workload = (applier + round) % 5
        let version = count.withLock { count in
          count.next += 1
          return count.next
        }
        do {
          let result = try sandbox.berth(
            ["apply", "-f", "-", "--lock-timeout", "300s", "--timeout", "120s"],
            input: spec(workload, version))
          count.withLock { count in
            if result.status == 0 {
              count.applied[workload, default: []].append(version)
            } else {
              count.complaints.append("w\(workload): \(result.output)\(result.errors)")
            }
          }
        } catch {
          count.withLock { $0.complaints.append("\(error)") }
        }
      }
    }
    let (applied, complaints) = count.withLock { ($0.applied, $0.complaints) }
    #expect(complaints.isEmpty, "\(complaints.prefix(3).joined())")
    var applies = 0
    for workload in 0..<5 {
      let versions = applied[workload, default: []]
      applies += versions.count
      try await check("w\(workload)", versions, in: sandbox)
    }
    print("twenty appliers: \(applies) applies, \(complaints.count) failures")
  }

  /// One run after the other, one release for each, and at the end the last one.
  private func check(_ name: String, _ versions: [Int], in sandbox: Sandbox) async throws {
    let numbers = try sandbox.releaseNumbers(name)
    #expect(numbers == versions.indices.map { Int64($0 + 1) }, "\(name)")
    let story = try await Story(of: WorkloadKey(name: name), in: sandbox.home + "/local/berth.db")
    #expect(story.overlaps.isEmpty, "\(name): \(story.overlaps)")
    #expect(Set(story.versions) == Set(versions.map { "\($0)" }), "\(name)")
    let members = try Census(home: sandbox.home).members.filter { $0.workload == name }
    #expect(members.map(\.version) == [story.versions.last], "\(name): \(members)")
  }
}

/// What the store tells of a workload.
private struct Story {
  /// The versions that its releases hold, the oldest first.
  let versions: [String]
  /// Runs that were under way at the same time.
  var overlaps: [String] = []

  init(of key: WorkloadKey, in path: String) async throws {
    let store = LocalStore(path: path)
    let runs = try await store.runs(of: key, limit: 10_000)
    var moments: [RunID: [Timestamp]] = [:]
    for run in runs { moments[run.id] = try await store.journal(of: run.id).map(\.at) }
    let releases = try await store.releases(of: key, before: nil, limit: 10_000)
    versions = releases.reversed().map { $0.snapshot?.services.first?.env["VERSION"]?.description ?? "" }
    // Each run ends before the next one begins, and so do its actions.
    let ordered = Array(runs.reversed())
    for (earlier, later) in zip(ordered, ordered.dropFirst()) {
      let last = ([earlier.endedAt].compactMap(\.self) + (moments[earlier.id] ?? [])).max()
      let first = ([later.startedAt] + (moments[later.id] ?? [])).min()
      if let last, let first, last <= first { continue }
      overlaps.append("\(earlier.id) and \(later.id)")
    }
  }
}
