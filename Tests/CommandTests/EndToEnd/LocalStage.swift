import Foundation

/// The local provider, with a home of its own.
struct LocalStage: Stage {
  let sandbox: Sandbox
  let place: [String] = []
  let image = "berth-test/busybox:1"

  init() throws { sandbox = try Sandbox() }

  func things() -> [String] {
    ["instances", "volumes"].flatMap { kind in
      (try? FileManager.default.contentsOfDirectory(atPath: "\(sandbox.home)/local/\(kind)")) ?? []
    }
  }

  /// A supervisor restarts what it loses, so that it goes itself, and the instance with it.
  func breakByHand(_ service: String, of workload: String) throws {
    let lost = try sandbox.processIDs(workload)
    kill(try sandbox.supervisor(of: workload), SIGKILL)
    _ = eventually { lost.values.allSatisfy { !isRunning($0) } }
  }
}
