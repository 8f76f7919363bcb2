import Foundation
import MachineKit
import Planning
import ProviderKit
import WorkloadSpec

/// Groups of machines that are windows of a tmux session: the cheapest way to try a group that really runs something.
public struct TmuxProvider: MachineProvider {
  /// What `provider:` of a target in berth.yaml calls it.
  public static let name = "tmux"
  /// What it is, in one sentence.
  public static let summary = "machines that are windows of a tmux session on this computer"

  /// The release history, the runs and the lock.
  public let store: any ReleaseStore
  /// The machines of the server.
  public var machines: any Machines { windows }
  private let windows: TmuxMachines
  private let socket: String
  private let region: String?
  private let zone: String?

  /// A provider of the windows of a tmux server, which the first action starts.
  ///
  /// - Parameters:
  ///   - socket: the server, by the name of its socket or, with a `/`, its path.
  ///   - folder: where the machines have their disks.
  ///   - store: where releases, runs and locks are kept.
  ///   - searchPath: where the programs are found that machines run.
  ///   - region: where the machines are said to be.
  ///   - zone: where in the region they are said to be.
  public init(
    socket: String, folder: String, target: TmuxTarget = TmuxTarget(), store: any ReleaseStore,
    searchPath: String = "/usr/local/bin:/usr/bin:/bin", region: String? = nil, zone: String? = nil
  ) {
    windows = TmuxMachines(
      socket: socket, folder: folder, target: target, zone: zone, searchPath: searchPath)
    (self.socket, self.store, self.region, self.zone) = (socket, store, region, zone)
  }

  /// What can be said without asking the server.
  public var traits: ProviderTraits {
    ProviderTraits(name: Self.name, summary: Self.summary, unit: nil)
  }

  /// What windows can do: they can be read, too.
  public func capabilities(on facts: EngineFacts) -> Set<Capability> {
    [.provision, .deploy, .scale, .logs, .rolling, .recreate, .blueGreen, .canary, .machines]
  }

  /// The rows of windows.
  public let machineFields = MachineFields([
    FieldRow(
      "machine.image", .enforced(.engine), cost: .replace,
      "the program that the window runs: `sh`, `bash`, `python3`"),
    FieldRow(
      "machine.family", .refused(.providerRefuses), cost: nil, "a window runs a program, which `image` names"),
    FieldRow(
      "machine.template", .refused(.providerRefuses), cost: nil,
      "a window runs a program, which `image` names"),
    FieldRow("machine.type", .enforced(.engine), cost: .restart, "written down at the window"),
    FieldRow(
      "machine.userData", .enforced(.stamp), cost: .replace,
      "a script that the program is given, at each start"),
    FieldRow(
      "machine.disk", .enforced(.engine), cost: .inPlace,
      "written down at the window: its folder has no limit"),
    FieldRow("machine.subnets", .enforced(.stamp), cost: .replace, "written down at the window"),
    FieldRow("machine.spread", .byBerth, cost: .inPlace, "the subnet with the fewest machines is taken"),
  ])

  /// 1 MiB, which is what a file of a spec can have: a script is a file.
  public var userDataLimit: Int { 1 << 20 }

  /// The server, on this computer.
  public func identity() async throws -> EngineIdentity {
    EngineIdentity(provider: Self.name, onThisComputer: "\(getuid())\n\(socket)")
  }

  /// The server, and where its machines are said to be.
  public func info() async throws -> ProviderInfo {
    ProviderInfo(identity: try await identity(), version: "1", region: region, location: zone ?? socket)
  }

  /// Whether there is a tmux, and its server answers if it runs.
  public func health() async -> ProviderHealth {
    await ProviderHealth.asking {
      (true, "tmux answers, and has \(try await windows.windows().count) machines")
    }
  }

  /// What the windows show, with what was scrolled out of them. tmux does not tell when a line was written: each has the time at which
  /// what the window runs was started.
  public func logs(of key: WorkloadKey, matching query: LogQuery) -> AsyncThrowingStream<LogLine, any Error> {
    AsyncThrowingStream { continuation in
      let task = Task {
        do {
          try await WindowLog(windows: windows, key: key, query: query).read { continuation.yield($0) }
          continuation.finish()
        } catch is CancellationError {
          continuation.finish()
        } catch {
          continuation.finish(throwing: error)
        }
      }
      continuation.onTermination = { _ in task.cancel() }
    }
  }
}
