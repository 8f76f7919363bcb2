import AWSTestSupport
import Foundation
import Planning
import ProviderKit
import Synchronization
import TestSupport
import Testing
import Values

/// Many people who apply the same few workloads at once, for a while.
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
    try await apply(by: 20, on: LocalSoakStage(), workloads: 5)
  }

  @Test("So do those whose history is in a bucket", MotoServer.isInstalled)
  func soDoThoseWhoseHistoryIsInABucket() async throws {
    try await apply(by: 20, on: try await BucketStage(), workloads: 5)
  }

  @Test("So do two on a cluster", KubernetesStage.isThere) func soDoTwoOnACluster() async throws {
    try await KubernetesStage().use { try await apply(by: 2, on: $0, workloads: 1) }
  }

  @Test("So do several on a cluster", KubernetesStage.isThere) func soDoSeveralOnACluster() async throws {
    try await KubernetesStage().use { try await apply(by: 6, on: $0, workloads: 2) }
  }

  @Test("So do several on Nomad") func soDoSeveralOnNomad() async throws {
    try await NomadStage().use { try await apply(by: 6, on: $0, workloads: 2) }
  }

  @Test("So do two on Nomad") func soDoTwoOnNomad() async throws {
    try await NomadStage().use { try await apply(by: 2, on: $0, workloads: 1) }
  }

  private func apply(by people: Int, on stage: any SharedStage, workloads: Int) async throws {
    // It is shared by threads that all use it for the same: to run the program.
    nonisolated(unsafe) let sandbox = stage.sandbox
    let (place, source) = (stage.place, stage.source)
    let count = Mutex(Count())
    let end = Date().addingTimeInterval(Self.patience)
    @Sendable func spec(_ workload: Int, _ version: Int) -> String {
      """
      name: w\(workload)
      replicas: 1
      strategy: {type: recreate}
      services:
        - {name: main, \(source)command: [/bin/sleep, "86400"], env: {VERSION: "\(version)"}, stopGrace: 1s}
      """
    }
    await atOnce(people) { applier in
      var round = 0
      while Date() < end || round == 0 {
        round += 1
        let workload = (applier + round) % workloads
        let version = count.withLock { count in
          count.next += 1
          return count.next
        }
        do {
          let result = try sandbox.berth(
            ["apply", "-f", "-", "--lock-timeout", "300s", "--timeout", "120s"] + place,
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
    for workload in 0..<workloads {
      let versions = applied[workload, default: []]
      applies += versions.count
      try await check("w\(workload)", versions, on: stage)
    }
    print(
      "\(people) appliers of \(workloads) workloads on \(stage.name): \(applies) applies, \(complaints.count) failures"
    )
  }

  /// One run after the other, one release for each, and at the end the last one.
  private func check(_ name: String, _ versions: [Int], on stage: any SharedStage) async throws {
    let story = try await Story(of: WorkloadKey(namespace: stage.namespace, name: name), in: stage.records)
    #expect(story.numbers == versions.indices.map { $0 + 1 }, "\(name)")
    #expect(story.overlaps.isEmpty, "\(name): \(story.overlaps)")
    #expect(Set(story.versions) == Set(versions.map { "\($0)" }), "\(name)")
    let live = try await stage.services().filter { $0.workload == name }
    #expect(live.map(\.version) == [story.versions.last], "\(name): \(live)")
  }
}

/// What the store tells of a workload.
private struct Story {
  /// The numbers of its releases, the oldest first.
  let numbers: [Int]
  /// The versions that they hold.
  let versions: [String]
  /// Runs that were under way at the same time.
  var overlaps: [String] = []

  init(of key: WorkloadKey, in store: any ReleaseReader) async throws {
    let runs = try await store.runs(of: key, limit: 10_000)
    var moments: [RunID: [Timestamp]] = [:]
    for run in runs { moments[run.id] = try await store.journal(of: run.id).map(\.at) }
    let releases = try await store.releases(of: key, before: nil, limit: 10_000).reversed()
    numbers = releases.map(\.number)
    versions = releases.map { $0.snapshot?.services.first?.env["VERSION"]?.description ?? "" }
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
