import Engine
import Planning
import ProviderContract
import Synchronization
import Testing
import WorkloadSpec

/// Runs on an engine whose controllers roll workloads by themselves.
@Suite struct ControllerTests {
  private func bench(_ before: Workload = Examples.three) async throws -> Bench {
    let bench = Bench(unit: .workload)
    bench.provider.meddle { $0.failingCommands = [["/bin/broken"]] }
    try await bench.apply(before)
    return bench
  }

  private func three(_ edit: (inout Service) -> Void) -> Workload {
    Examples.workload([Examples.service("api", .main, edit)], replicas: 3)
  }

  @Test("A version that fails is held where it is, and the next one goes on from there")
  func whatFailsIsHeld() async throws {
    let bench = try await bench()
    let failed = try await bench.apply(three { $0.command = ["/bin/broken"] })
    #expect(failed.outcome == .failed && failed.failures.count == 1)
    #expect(bench.provider.performed.map(\.description).suffix(2) == ["replace workload", "hold workload"])
    #expect(bench.provider.world.controllers[bench.key]?.isHeld == true)
    let working = bench.instances.count(where: \.isReady)
    #expect(working == 3, "no instance that works went before one that does not")

    let again = try await bench.plan(.spec(three { $0.command = ["/bin/broken"] }, services: nil))
    #expect(again.actions.first?.reason == .isHeld && again.actions.first?.causes == [.unfinished])
    let mended = try await bench.apply(three { $0.command = ["/bin/api3"] })
    #expect(mended.outcome == .succeeded && bench.instances.count == 3)
    #expect(bench.provider.world.controllers[bench.key]?.isHeld == false)
  }

  @Test("With --atomic the last release's template comes back, and is held no longer")
  func atomicPutsTheOldTemplateBack() async throws {
    let bench = Bench(unit: .workload) { $0.atomic = true }
    bench.provider.meddle { $0.failingCommands = [["/bin/broken"]] }
    try await bench.apply(Examples.three)
    let result = try await bench.apply(three { $0.command = ["/bin/broken"] })
    #expect(result.outcome == .failed && result.recovery?.outcome == .succeeded)
    #expect(bench.provider.world.controllers[bench.key]?.isHeld == false)
    #expect(try await bench.plan(.spec(Examples.three, services: nil)).isEmpty)
  }

  @Test("A run that could hold nothing leaves a controller that goes on, and the next plan says so")
  func theEngineGoesOn() async throws {
    let bench = try await bench()
    bench.provider.plan(
      FaultPlan([Fault(.halfSucceed, at: .perform(1)), Fault(.fail, at: .action(ActionID("hold workload")))]))
    let next = three { $0.command = ["/bin/api2"] }
    let broken = try await bench.apply(next)
    #expect(broken.failures.map(\.action.id.description) == ["replace workload", "hold workload"])
    let plan = try await bench.plan(.spec(next, services: nil))
    #expect(plan.actions.map(\.reason).first == .goesOn)
    #expect(try await bench.apply(next).outcome == .succeeded)
    #expect(try await bench.apply(next).outcome == .nothingToDo)
  }

  @Test("A change from outside ends the wait, and is not undone in silence")
  func aChangeFromOutsideIsSeen() async throws {
    let bench = try await bench()
    let isDone = Mutex(false)
    let result = try await bench.engine().apply(
      bench.request(.spec(three { $0.command = ["/bin/api2"] }, services: nil)),
      events: { event in
        guard case .progress = event,
          isDone.withLock({ done in
            defer { done = true }; return !done
          })
        else { return }
        bench.provider.meddle { world in
          world.editController(of: bench.key) { $0.services[0].env["BY"] = "hand" }
        }
      })
    #expect(result.outcome == .failed)
    #expect(result.failures.first?.message == "another client changed the workload meanwhile")
  }

  @Test("What a controller refuses to change is said, and nothing is changed")
  func whatIsImmutableIsRefused() async throws {
    let bench = try await bench()
    bench.provider.meddle { $0.immutableFields = ["command"] }
    let before = bench.instances.map(\.id)
    let result = try await bench.apply(three { $0.command = ["/bin/api2"] })
    #expect(result.failures.first?.message == "`services[api].command` is immutable")
    #expect(bench.instances.map(\.id) == before && bench.instances.allSatisfy(\.isReady))
    #expect(bench.provider.world.controllers[bench.key]?.isHeld == false)
    #expect(try await bench.plan(.spec(Examples.three, services: nil)).isEmpty)
  }
}
