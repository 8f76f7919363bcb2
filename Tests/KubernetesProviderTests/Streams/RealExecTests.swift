import Planning
import ProviderKit
import Synchronization
import Testing

@testable import KubernetesAPI
@testable import KubernetesProvider

@Suite("Commands in real pods", .enabled(if: RealCluster.hasNode, RealCluster.skipped)) struct RealExecTests {
  private typealias Running =
    @Sendable ([String], [ProviderKit.ExecInput], TerminalSize?) async throws -> (
      Int32, [UInt8]
    )

  private func withCommands(_ body: (@escaping Running) async throws -> Void) async throws {
    try await RealCluster.withNamespace { cluster, namespace in
      let pods = RealPods(cluster: cluster, namespace: namespace)
      try await pods.make("shop-1", ["api": "sleep 600"])
      let pod = try await pods.started("shop-1")
      try await body { command, input, terminal in
        let request = ExecRequest(
          key: WorkloadKey(namespace: namespace, name: "shop"), instance: RealPods.instance,
          service: "api", command: command, terminal: terminal)
        let written = Mutex<[UInt8]>([])
        let pieces = AsyncStream { continuation in
          for piece in input { continuation.yield(piece) }
          continuation.finish()
        }
        let code = try await PodCommand(client: cluster, namespace: namespace, pod: pod, request: request)
          .run(
            input: pieces
          ) { piece in written.withLock { $0 += piece.bytes } }
        return (code, written.withLock { $0 })
      }
    }
  }

  @Test("a command ends with its own exit code, and one that is not there with 127 and the reason")
  func tellsCodes() async throws {
    try await withCommands { run in
      #expect(try await run(["sh", "-c", "exit 3"], [], nil).0 == 3)
      #expect(try await run(["true"], [], nil).0 == 0)
      let missing = try await run(["no-such-program-anywhere"], [], nil)
      #expect(missing.0 == 127)
      #expect(!missing.1.isEmpty)
      #expect(try await run(["/etc"], [], nil).0 == 126)
      #expect(try await run(["sh", "-c", "kill -9 $$"], [], nil).0 == 137)
    }
  }

  @Test("a command gets all of its input, and its end")
  func getsInput() async throws {
    try await withCommands { run in
      let pieces = (0..<64).map { [UInt8](repeating: UInt8($0), count: 4096) }
      let end = try await run(["cat"], pieces.map { .bytes($0) } + [.end], nil)
      #expect(end.0 == 0)
      #expect(end.1 == pieces.flatMap(\.self))
      #expect(try await run(["cat"], [], nil).1 == [])
    }
  }

  @Test("a command has a terminal of the size that was asked for")
  func hasATerminal() async throws {
    try await withCommands { run in
      let size = TerminalSize(columns: 123, rows: 45)
      let script = "until stty size | grep '45 123'; do sleep 0.1; done; test -t 0; exit $?"
      let end = try await run(["sh", "-c", script], [], size)
      #expect(end.0 == 0)
      #expect(String(decoding: end.1, as: UTF8.self).contains("45 123"))
      #expect(try await run(["test", "-t", "0"], [], nil).0 == 1)
    }
  }

  @Test("a command whose caller goes away is ended")
  func endsWhatIsCancelled() async throws {
    try await withCommands { run in
      let task = Task { try await run(["sh", "-c", "touch /tmp/begun; exec sleep 4711"], [], nil) }
      while try await run(["test", "-e", "/tmp/begun"], [], nil).0 != 0 {}
      task.cancel()
      await #expect(throws: CancellationError.self) { try await task.value }
      #expect(try await run(["sh", "-c", "ps | grep '[s]leep 4711'"], [], nil).0 == 1)
    }
  }

  @Test("nothing is run beside a service that is not there")
  func refuses() async throws {
    try await RealCluster.withNamespace { cluster, namespace in
      let pods = RealPods(cluster: cluster, namespace: namespace)
      try await pods.make("shop-1", ["api": "exit 0"])
      var pod = try await pods.started("shop-1")
      while pod.json.at("status", "phase")?.string != "Succeeded" {
        pod = try await cluster.objects(.pods).get("shop-1", in: namespace)
      }
      for service in ["api", "other"] {
        let request = ExecRequest(
          key: WorkloadKey(namespace: namespace, name: "shop"), instance: RealPods.instance,
          service: service, command: ["true"])
        await #expect(throws: ActionFailure.self) {
          try await PodCommand(client: cluster, namespace: namespace, pod: pod, request: request).run(
            input: AsyncStream { $0.finish() }
          ) { _ in
          }
        }
      }
    }
  }
}
