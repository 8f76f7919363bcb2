import Foundation
import MachineKit
import Planning
import ProviderContract
import ProviderKit
import Testing
import TmuxProvider
import WorkloadSpec

/// A tmux server of its own.
private struct TmuxWorld {
  let folder: String
  let store = MemoryStore(newDigestKey: Array(0..<32))
  /// Short: a socket's path has room for 100 letters.
  var socket: String { folder + "/s" }

  init() {
    folder = "/tmp/berth-tmux-" + String(UInt32.random(in: 0...UInt32.max), radix: 16)
  }

  /// Whether this computer has a tmux.
  static let hasTmux = ["/usr/local/bin", "/usr/bin", "/bin", "/opt/homebrew/bin"].contains {
    access($0 + "/tmux", X_OK) == 0
  }

  var target: TmuxTarget {
    var target = TmuxTarget()
    target.settle = SpecDuration(milliseconds: 200)
    return target
  }

  var machines: TmuxMachines { TmuxMachines(socket: socket, folder: folder + "/m", target: target) }

  var provider: TmuxProvider {
    TmuxProvider(socket: socket, folder: folder + "/m", target: target, store: store)
  }

  func tmux(_ arguments: String...) throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["tmux", "-S", socket] + arguments
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
  }

  func end() {
    try? tmux("kill-server")
    try? FileManager.default.removeItem(atPath: folder)
  }
}

private func withTmux(_ body: (TmuxWorld) async throws -> Void) async throws {
  let world = TmuxWorld()
  defer { world.end() }
  try FileManager.default.createDirectory(atPath: world.folder, withIntermediateDirectories: true)
  try await body(world)
}

/// Windows of a real tmux do what every provider, and every kind of machine, must do.
@Suite(.enabled(if: TmuxWorld.hasTmux, "there is no tmux on this computer: apt-get install tmux"))
struct TmuxContractTests {
  private struct Harness: MachineProviderHarness {
    let world: TmuxWorld
    var provider: any Provider { world.provider }
    let timeout = Duration.seconds(3)

    func machine(version: Int) -> Machine { Self.machine("echo \(version); exec sleep 1000") }
    func failingMachine() -> Machine { Self.machine("echo giving up >&2; exit 3") }

    func makeUnready(_ group: inout Workload) {
      group.machine = machine(version: 1)
      var check = HealthCheck()
      check.port = 1
      group.healthCheck = check
    }

    static func machine(_ script: String) -> Machine {
      var machine = Machine()
      (machine.image, machine.userData) = ("sh", FileText(script))
      return machine
    }

    /// Another hand ends what the window runs.
    func kill(_ service: String, in instance: InstanceID, of key: WorkloadKey) async throws {
      _ = try await world.machines.stop(try await id(of: instance, key))
    }

    /// Another hand closes the window.
    func kill(_ instance: InstanceID, of key: WorkloadKey) async throws {
      _ = try await world.machines.terminate(try await id(of: instance, key))
    }

    private func id(of instance: InstanceID, _ key: WorkloadKey) async throws -> String {
      try #require(try await provider.observe(key).instance(instance)?.services.first?.machine?.id)
    }
  }

  private struct Cloud: MachineHarness {
    let tmux: TmuxMachines
    var machines: any Machines { tmux }
    let timeout = Duration.seconds(10)
    let pageSize = 1000
    #if os(Linux)
      let changesAddresses = true
    #else
      let changesAddresses = false
    #endif

    func machine() -> Machine { Harness.machine("exec sleep 1000") }
    func write(_ text: String, toDiskOf id: String) async throws {
      try text.write(toFile: tmux.disk(of: id) + "/file", atomically: true, encoding: .utf8)
    }
    func text(onDiskOf id: String) async throws -> String? {
      FileManager.default.contents(atPath: tmux.disk(of: id) + "/file").map {
        String(decoding: $0, as: UTF8.self)
      }
    }
  }

  @Test("Passes the contract of providers", arguments: ProviderContract.cases)
  func passesTheContract(_ contract: ContractCase) async throws {
    try await withTmux { try await contract.run(Harness(world: $0)) }
  }

  @Test("Passes the contract of machines", arguments: MachineContract.cases)
  func passesTheContractOfMachines(_ contract: MachineCase) async throws {
    try await withTmux { try await contract.run(Cloud(tmux: $0.machines)) }
  }

  @Test("What a window shows can be read, also of a machine that did not come up") func logs() async throws {
    try await withTmux { world in
      var workload = Workload()
      (workload.name, workload.kind, workload.replicas) = ("workers", .machineGroup, 1)
      workload.machine = Harness.machine("echo one; echo two; exit 3")
      let context = ActionContext(
        key: WorkloadKey(name: "workers"), desired: workload, run: RunID("run-1"), timeout: .seconds(5))
      let failure = try await #require(throws: ActionFailure.self) {
        try await world.provider.perform(Action(.create, .instance(InstanceID(0))), in: context)
      }
      #expect(failure.message.contains("exit code 3"), "\(failure.message)")
      var lines: [String] = []
      for try await line in world.provider.logs(of: context.key, matching: LogQuery()) {
        lines.append(line.text)
      }
      #expect(lines == ["one", "two"])
      var last: [String] = []
      let query = LogQuery(services: ["other"])
      for try await line in world.provider.logs(of: context.key, matching: query) { last.append(line.text) }
      #expect(last == [])
    }
  }
}
