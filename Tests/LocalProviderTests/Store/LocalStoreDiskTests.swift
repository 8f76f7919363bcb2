import Diagnostics
import Engine
import Foundation
import Planning
import ProviderContract
import ProviderKit
import Synchronization
import TestSupport
import Testing
import Values
import WorkloadSpec

@testable import LocalProvider

/// Lets every single call that the store makes to its disk go wrong, and applies again.
///
/// The engine is the real one, and so is the store; what it is applied to lives in memory.
@Suite(.serialized) struct LocalStoreDiskTests {
  /// What happens to the workload while the disk goes wrong.
  enum Scene: String, CaseIterable, Sendable {
    case firstApply, update, destroy

    var goal: Goal {
      switch self {
      case .firstApply: .spec(workload(level: "1"), services: nil)
      case .update: .spec(workload(level: "2"), services: nil)
      case .destroy: .destroy(volumes: true)
      }
    }
  }

  /// A store on a disk, and the world that it tells of.
  struct Place: Sendable {
    let folder: StoreFolder
    let provider: SimulatedProvider

    init(_ scene: Scene) async throws {
      folder = StoreFolder()
      provider = SimulatedProvider(store: folder.store())
      if scene != .firstApply { _ = try await apply(.spec(workload(level: "1"), services: nil)) }
    }

    /// The same world, and a store that is opened anew.
    init(reopening place: Place, in folder: StoreFolder? = nil) {
      self.folder = folder ?? place.folder
      provider = SimulatedProvider(world: place.provider.world, store: self.folder.store())
    }

    func apply(_ goal: Goal) async throws -> RunResult {
      let time = PatientTime()
      let engine = Engine(
        provider: provider, target: "local", options: EngineOptions(parallelism: 1),
        environment: time.environment)
      return try await engine.apply(WorkloadRequest(key: shop, goal: goal))
    }

    var releases: [Release] {
      get async throws { try await provider.store.releases(of: shop, before: nil, limit: 1000).reversed() }
    }

    /// What is left when the power fails: of each file, what was made durable.
    func afterPowerFailure() throws -> StoreFolder {
      let copy = StoreFolder()
      let (from, to) = (folder.root + "/state", copy.root + "/state")
      try FileManager.default.createDirectory(atPath: to, withIntermediateDirectories: true)
      for name in try FileManager.default.contentsOfDirectory(atPath: from) where name.hasSuffix(".durable") {
        try FileManager.default.copyItem(
          atPath: from + "/" + name, toPath: to + "/" + name.dropLast(".durable".count))
      }
      return copy
    }
  }

  /// Where a scene ends when nothing goes wrong.
  struct Ending: Sendable {
    let outline: Observation
    let snapshots: [Workload?]

    func problems(at place: Place, _ scene: Scene, acknowledged: Bool) async throws -> [String] {
      var problems: [String] = []
      let before = try await place.releases
      if acknowledged, before.map(\.snapshot) != snapshots { problems.append("a release was forgotten") }
      let again = try await place.apply(scene.goal)
      if ![.succeeded, .nothingToDo].contains(again.outcome) { problems.append("again: \(again.outcome)") }
      if place.provider.world.outline(of: shop) != outline { problems.append("another end") }
      let releases = try await place.releases
      if releases.map(\.snapshot) != snapshots { problems.append("\(releases.count) releases") }
      if releases.map(\.number) != Array(1..<(releases.count + 1)) { problems.append("gaps") }
      let runs = try await place.provider.store.runs(of: shop, limit: 1000)
      if runs.contains(where: { $0.outcome == .unfinished }) { problems.append("a run is left open") }
      if try await place.apply(scene.goal).outcome != .nothingToDo { problems.append("it is never done") }
      return problems
    }
  }

  @Test("The disk can fail at any call", arguments: Scene.allCases)
  func theDiskCanFailAtAnyCall(_ scene: Scene) async throws {
    let whole = try await Place(scene)
    let calls = await FaultyDisk.during(in: whole.folder) {
      do { _ = try await Place(reopening: whole).apply(scene.goal) } catch { Issue.record(error) }
    }
    let reference = try await Place(scene)
    #expect(try await reference.apply(scene.goal).outcome == .succeeded)
    let ending = Ending(
      outline: reference.provider.world.outline(of: shop),
      snapshots: try await reference.releases.map(\.snapshot))
    var (tried, failures) = (0, 0)
    let size = Thoroughness.isFull ? 1 : 13
    for call in 1...calls where call % size == scene.rawValue.utf8.count % size {
      for fault in FaultyDisk.Fault.allCases {
        let what = "\(scene), \(fault) from call \(call) of \(calls)"
        let problems: [String]
        do { problems = try await fail(scene, fault, at: call, ending) } catch { problems = ["\(error)"] }
        tried += 1
        if !problems.isEmpty {
          failures += 1
          Issue.record("\(what): \(problems.joined(separator: "; "))")
        }
      }
    }
    print("disk points, \(scene.rawValue): \(tried) tried, \(failures) failures")
  }

  private func fail(
    _ scene: Scene, _ fault: FaultyDisk.Fault, at call: Int, _ ending: Ending
  ) async throws -> [String] {
    let start = try await Place(scene)
    let place = Place(reopening: start)
    var (isDone, complaint) = (false, "")
    // What was durable before is as it is now.
    try copyDurable(start.folder)
    _ = await FaultyDisk.during((fault, at: call), in: place.folder, keepsDurable: true) {
      do {
        let result = try await place.apply(scene.goal)
        isDone = result.outcome == .succeeded
        complaint = result.failures.map(\.message).joined()
      } catch let error as DiagnosticError {
        complaint = error.diagnostics.map { $0.message + " / " + ($0.help ?? "") }.joined()
      } catch {
        complaint = "unexplained: \(error)"
      }
    }
    var problems: [String] = []
    if !isDone, !complaint.contains(place.folder.path) || complaint.hasPrefix("unexplained") {
      problems.append("it says `\(complaint)`")
    }
    if !isDone, fault == .full, !complaint.contains("the disk is full") {
      problems.append("it says `\(complaint)`")
    }
    let afterPower = fault == .broken ? Place(reopening: place, in: try place.afterPowerFailure()) : nil
    for (when, later) in [("afterwards", Place(reopening: place)), ("after a power failure", afterPower)] {
      guard let later else { continue }
      do {
        let found = try await ending.problems(at: later, scene, acknowledged: isDone)
        problems += found.map { "\(when): \($0)" }
      } catch {
        problems.append("\(when): \(error)")
      }
    }
    return problems
  }

  private func copyDurable(_ folder: StoreFolder) throws {
    for path in [folder.path, folder.path + "-wal"] where FileManager.default.fileExists(atPath: path) {
      try? FileManager.default.removeItem(atPath: path + ".durable")
      try FileManager.default.copyItem(atPath: path, toPath: path + ".durable")
    }
  }
}

/// Time that passes only while a connection waits for a lock.
final class PatientTime: Sendable {
  private let state = Mutex(Duration.zero)

  var environment: EngineEnvironment {
    EngineEnvironment(
      now: { moment(0) + self.state.withLock { $0 } }, uptime: { self.state.withLock { $0 } },
      sleep: { duration in
        guard duration <= .seconds(1) else { return try await Task.sleep(for: .seconds(86_400)) }
        self.state.withLock { $0 += duration }
        try Task.checkCancellation()
      },
      makeRunID: { _ in RunID("run-" + UUID().uuidString.lowercased()) }, makeToken: { UUID().uuidString },
      user: "ada@build-7", processID: 4711)
  }
}
