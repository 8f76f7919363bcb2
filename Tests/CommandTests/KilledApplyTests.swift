import Foundation
import Testing

/// Promise 4 with the real program: `kill -9` of `berth apply` at any moment, and apply again.
@Suite struct KilledApplyTests {
  @Test func applyingAgainReachesTheSameEnd() throws {
    let sandbox = try Sandbox()
    let file = Sandbox.project + "/examples/web/workload.yaml"
    // How long a whole apply takes here decides which moments are worth trying.
    let started = ContinuousClock.now
    #expect(try sandbox.berth("apply", "-f", file, "--var", "tick=1").status == 0)
    let whole = max(Double((ContinuousClock.now - started).components.seconds), 1)
    var random = SystemRandomNumberGenerator()
    for round in 0..<20 {
      let value = ["1", "2", "5"][round % 3]
      let greeting = "Round \(round)"
      let arguments = ["apply", "-f", file, "--var", "tick=\(value)", "--var", "greeting=\(greeting)"]
      let process = try sandbox.start(arguments)
      usleep(UInt32(Double.random(in: 0...whole, using: &random) * 1_000_000))
      kill(process.processIdentifier, SIGKILL)
      process.waitUntilExit()

      let again = try sandbox.berth(arguments)
      #expect(again.status == 0, "round \(round): \(again.output)\(again.errors)")
      #expect(
        try sandbox.berth(
          "plan", "-f", file, "--var", "tick=\(value)", "--var", "greeting=\(greeting)", "--detailed-exitcode"
        ).status == 0)
      let numbers = try sandbox.releaseNumbers("web")
      #expect(numbers == (1...Int64(numbers.count)).map { $0 }, "round \(round): \(numbers)")
    }
    #expect(try sandbox.releaseNumbers("web").count == 21)
    // One set of processes: what runs in the sandbox is what status tells, and nothing besides.
    let told = Set(try sandbox.processIDs("web").values)
    #expect(told.count == 3)
    let leaders = try leaders(in: sandbox.home)
    #expect(leaders == told, "\(leaders.subtracting(told).map { commandLine(of: $0) })")
  }

  private func commandLine(of pid: Int64) -> String {
    let bytes = FileManager.default.contents(atPath: "/proc/\(pid)/cmdline") ?? Data()
    return String(decoding: bytes.map { $0 == 0 ? 0x20 : $0 }, as: UTF8.self)
  }

  /// The processes of services that run below a home: those that lead their group.
  private func leaders(in home: String) throws -> Set<Int64> {
    var found: Set<Int64> = []
    for name in try FileManager.default.contentsOfDirectory(atPath: "/proc") {
      guard let pid = Int64(name), getpgid(Int32(pid)) == Int32(pid),
        let environment = FileManager.default.contents(atPath: "/proc/\(pid)/environ"),
        String(decoding: environment, as: UTF8.self).contains("BERTH_ROOT=\(home)"), isRunning(pid)
      else { continue }
      found.insert(pid)
    }
    return found
  }
}
