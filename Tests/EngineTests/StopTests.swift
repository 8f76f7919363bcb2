import Engine
import Planning
import ProviderContract
import ProviderKit
import Testing
import WorkloadSpec

/// Runs that are asked to stop.
@Suite struct StopTests {
  /// Applies the web example, and asks to stop when an action starts.
  func apply(_ bench: Bench, stoppingAt action: String?) async throws -> RunResult {
    let stop = StopRequest()
    if action == nil { stop.make() }
    return try await bench.engine(stop: stop).apply(
      WorkloadRequest(key: bench.key, goal: .spec(Examples.web, services: nil)),
      events: { event in
        if case .started(let started) = event, started.id.description == action { stop.make() }
      })
  }

  @Test(
    "What is under way is finished",
    arguments: [
      ("create 0", ["create 0.migrate", "create 0.api", "create 0.envoy", "create 0.logs"]),
      ("create 0.api", ["create 0.envoy", "create 0.logs"]),
      ("create 0.envoy", ["create 0.logs"]),
    ])
  func whatIsUnderWayIsFinished(action: String, rest: [String]) async throws {
    let bench = Bench { ($0.parallelism, $0.atomic) = (1, true) }
    let result = try await apply(bench, stoppingAt: action)
    #expect(result.outcome == .failed && result.wasInterrupted && result.failures.isEmpty)
    #expect(result.notStarted.map(\.description) == rest)
    // An interrupt does not ask for a rollback.
    #expect(result.recovery == nil)
    #expect(bench.provider.performed.last?.description == action)
    let run = try #require(try await bench.store.runs(of: bench.key, limit: 1).first)
    #expect(run.outcome == .failed && run.failure == "interrupted")
    #expect(try await bench.store.journal(of: run.id).last?.event == .succeeded)
    #expect(try await bench.store.lock(of: bench.key) == nil)
    #expect(try await bench.apply(Examples.web).release?.number == 1)
  }

  @Test("Who is stopped with nothing left to start has succeeded")
  func whoIsStoppedWithNothingLeftToStartHasSucceeded() async throws {
    let bench = Bench { $0.parallelism = 1 }
    let result = try await apply(bench, stoppingAt: "create 0.logs")
    #expect(result.outcome == .succeeded && !result.wasInterrupted)
    #expect(result.release?.number == 1)
  }

  @Test(
    "What fails after the request was made is a failure of an interrupted run",
    arguments: [
      ("create 0.api", ["create 0.envoy", "create 0.logs"]), ("create 0.logs", []),
    ])
  func whatFailsAfterItIsInterrupted(action: String, rest: [String]) async throws {
    let bench = Bench { ($0.parallelism, $0.atomic) = (1, true) }
    bench.provider.plan(FaultPlan([Fault(.timeOut, at: .action(ActionID(action)))]))
    let result = try await apply(bench, stoppingAt: action)
    #expect(result.outcome == .failed && result.wasInterrupted && result.isInterrupted)
    #expect(result.failures.map(\.action.id.description) == [action])
    #expect(result.notStarted.map(\.description) == rest)
    #expect(result.recovery == nil)
    // The run's record says what failed.
    let run = try #require(try await bench.store.runs(of: bench.key, limit: 1).first)
    #expect(run.outcome == .failed && run.failure?.hasPrefix(action) == true)
  }

  @Test("Going back after a failure can be interrupted, too")
  func goingBackIsInterrupted() async throws {
    let bench = Bench { ($0.parallelism, $0.atomic) = (1, true) }
    bench.provider.plan(FaultPlan([Fault(.fail, at: .action(ActionID("create 0.api")))]))
    let stop = StopRequest()
    let result = try await bench.engine(stop: stop).apply(
      WorkloadRequest(key: bench.key, goal: .spec(Examples.web, services: nil)),
      events: { event in
        if case .started(let started) = event, started.kind == .delete { stop.make() }
      })
    #expect(result.outcome == .failed && !result.wasInterrupted && result.isInterrupted)
    #expect(result.recovery?.notStarted.isEmpty == false)
  }

  @Test("Who is stopped before the run changes nothing") func whoIsStoppedBeforeTheRunChangesNothing()
    async throws
  {
    let bench = Bench()
    await #expect(throws: CancellationError.self) { try await apply(bench, stoppingAt: nil) }
    #expect(bench.provider.performed.isEmpty)
    #expect(try await bench.store.runs(of: bench.key, limit: 1).isEmpty)
    #expect(try await bench.store.lock(of: bench.key) == nil)
  }
}
