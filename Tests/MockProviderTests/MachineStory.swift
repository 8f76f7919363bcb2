import Engine
import MachineKit
import MockProvider
import Planning
import ProviderContract
import ProviderKit
import Secrets
import Synchronization
import Testing
import Values
import WorkloadSpec

/// Something that happens to a group of machines, of which the last step may be broken off at any call.
struct MachineStory: Sendable, CustomTestStringConvertible {
  let name: String
  var before: [Goal] = []
  let goal: Goal
  /// Whether the last step goes back when it fails.
  var isAtomic = false
  /// Whether the last step stops a rollout halfway.
  var pauses = false

  var testDescription: String { name }

  static let all: [MachineStory] = [
    MachineStory(name: "first apply", goal: spec(group())),
    MachineStory(name: "a new image", before: [spec(group())], goal: spec(group(image: "image-2"))),
    MachineStory(
      name: "a new image, at once", before: [spec(group { $0.strategy.type = .recreate })],
      goal: spec(group(image: "image-2") { $0.strategy.type = .recreate })),
    MachineStory(
      name: "a new type, where the machines are", before: [spec(group { $0.strategy.type = .recreate })],
      goal: spec(
        group { workload in
          workload.strategy.type = .recreate
          workload.machine?.type = "large"
        })),
    MachineStory(
      name: "a larger disk and other labels", before: [spec(group { $0.labels = ["a": "1", "b": "1"] })],
      goal: spec(
        group { workload in
          workload.machine?.disk = ByteQuantity("80Gi")
          workload.labels = ["a": "2"]
        })),
    MachineStory(name: "more machines", before: [spec(group(replicas: nil))], goal: .scale(4)),
    MachineStory(name: "fewer machines", before: [spec(group(replicas: 3))], goal: .scale(1)),
    MachineStory(name: "machines stop", before: [spec(group())], goal: .operation(.stop(.all))),
    MachineStory(
      name: "machines start", before: [spec(group()), .operation(.stop(.all))],
      goal: .operation(.start(.all))),
    MachineStory(
      name: "an image that does not come up is taken back", before: [spec(group())],
      goal: spec(group(image: "broken")), isAtomic: true),
    MachineStory(
      name: "a rollback", before: [spec(group()), spec(group(image: "image-2"))], goal: .release(1)),
    MachineStory(
      name: "a canary", before: [spec(group { $0.strategy.type = .canary })],
      goal: spec(group(image: "image-2") { $0.strategy.type = .canary }), pauses: true),
    MachineStory(name: "machines are destroyed", before: [spec(group())], goal: .destroy(volumes: false)),
  ]

  private static func spec(_ workload: Workload) -> Goal { .spec(workload, services: nil) }
}

/// A group of mock machines, with an engine that is reached through a gate, as is each of the cloud's calls.
struct MachineStage {
  let world: MockWorld
  let story: MachineStory
  let key = WorkloadKey(name: "workers")
  private let time = StoryTime()

  init(_ world: MockWorld, _ story: MachineStory) { (self.world, self.story) = (world, story) }

  func prepare() async throws {
    for goal in story.before { _ = try await apply(goal, through: CrashSwitch()) }
  }

  /// The last step.
  func run(through gate: any CallGate = CrashSwitch()) async throws -> RunResult {
    try await apply(story.goal, through: gate, isAtomic: story.isAtomic, pauses: story.pauses)
  }

  func apply(
    _ goal: Goal, through gate: any CallGate = CrashSwitch(), isAtomic: Bool = false, pauses: Bool = false
  ) async throws -> RunResult {
    let target = MockTarget.images(["image-1": .works, "image-2": .works, "broken": .fails])
    let engine = Engine(
      provider: GatedProvider(world.provider(target, gate: gate), gate: gate), target: "mock",
      options: EngineOptions(parallelism: 1, atomic: isAtomic), environment: time.environment,
      secrets: SecretResolvers([]))
    let pause = Pause(by: "ada@build", since: Timestamp(milliseconds: 1))
    return try await engine.apply(
      WorkloadRequest(key: key, goal: goal, pause: pauses ? pause : nil), events: { _ in })
  }

  /// The machines that there are: which instance each is, and what it is made from.
  func outline() async throws -> [String] {
    try await world.machines().list(MachineQuery()).map { machine in
      let labels = machine.tags.filter { !$0.key.hasPrefix("berth-") }.map { "\($0.key)=\($0.value)" }
      let facts = [
        machine.tags["berth-instance"], machine.state.rawValue, machine.image, machine.type,
        machine.disk?.description, machine.tags["berth-ended"].map { _ in "ended" },
      ]
      return (facts.compactMap(\.self) + labels.sorted()).joined(separator: " ")
    }.sorted()
  }

  var releases: Int {
    get async throws { try await world.store.releases(of: key, before: nil, limit: .max).count }
  }
}

/// A clock that moves when a task sleeps, so that a lock of a killed run is soon old.
private final class StoryTime: Sendable {
  private let state = Mutex((uptime: Duration.zero, runs: 0, tokens: 0))

  var environment: EngineEnvironment {
    EngineEnvironment(
      now: { Timestamp(milliseconds: 1_700_000_000_000) + self.state.withLock { $0.uptime } },
      uptime: { self.state.withLock { $0.uptime } },
      sleep: { duration in
        guard duration <= .seconds(1) else {
          while true { try await Task.sleep(for: .seconds(3600)) }
        }
        self.state.withLock { $0.uptime += duration }
        await Task.yield()
        try Task.checkCancellation()
      },
      makeRunID: { _ in
        RunID("run-\(self.state.withLock { state in state.runs += 1; return state.runs })")
      },
      makeToken: { "token-\(self.state.withLock { state in state.tokens += 1; return state.tokens })" },
      user: "ada@build", processID: 4711)
  }
}
