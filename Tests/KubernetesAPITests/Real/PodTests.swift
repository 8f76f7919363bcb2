import Testing
import Values
import Wire

@testable import KubernetesAPI

@Suite(.enabled(if: RealCluster.hasNode, RealCluster.skipped)) struct RealPodTests {
  @Test("Logs come with their times") func logsComeWithTheirTimes() async throws {
    try await RealCluster.withPod("echo one; echo two >&2; echo three; sleep 600") { cluster, namespace in
      var lines: [LoggedLine] = []
      for try await line in try await cluster.pods.logs(
        "pod", in: namespace, PodLogQuery(follows: true, times: true))
      {
        lines.append(line)
        if lines.count == 3 { break }
      }
      #expect(Set(lines.map { String(decoding: $0.bytes, as: UTF8.self) }) == ["one", "two", "three"])
      let times = lines.compactMap(\.time)
      #expect(times.count == 3)
      let last = try await cluster.pods.logs("pod", in: namespace, PodLogQuery(tail: 1))
      var found: [String] = []
      for try await line in last { found.append(String(decoding: line.bytes, as: UTF8.self)) }
      #expect(found == ["three"] || found == ["two"])
      var later: [LoggedLine] = []
      let after = ServerTime(seconds: times[0].seconds + 3600)
      for try await line in try await cluster.pods.logs("pod", in: namespace, PodLogQuery(since: after)) {
        later.append(line)
      }
      #expect(later == [])
    }
  }

  @Test("There are no logs of what is not there") func thereAreNoLogsOfWhatIsNotThere() async throws {
    try await RealCluster.withNamespace { cluster, namespace in
      let error = await #expect(throws: KubernetesError.self) {
        try await cluster.pods.logs("pod", in: namespace)
      }
      #expect(error?.isNotFound == true)
    }
  }

  /// Runs a command to its end.
  private func run(
    _ command: ExecCommand, _ cluster: KubernetesClient, _ namespace: String, input: String? = nil
  ) async throws -> (output: String, error: String, code: Int?) {
    try await cluster.pods.exec(command, pod: "pod", in: namespace) { session in
      if let input { try await session.input.write(Array(input.utf8)) }
      var (output, error, code) = ([UInt8](), [UInt8](), Int?.none)
      for try await event in session.output {
        switch event {
        case .output(let bytes): output += bytes
        case .error(let bytes): error += bytes
        case .ended(let status): code = status
        }
      }
      return (String(decoding: output, as: UTF8.self), String(decoding: error, as: UTF8.self), code)
    }
  }

  @Test("Commands run in a container") func commandsRunInAContainer() async throws {
    try await RealCluster.withPod("sleep 600") { cluster, namespace in
      let plain = try await run(
        ExecCommand(command: ["sh", "-c", "echo out; echo err >&2; exit 3"]), cluster, namespace)
      #expect(plain == ("out\n", "err\n", 3))
      let good = try await run(ExecCommand(command: ["true"], container: "main"), cluster, namespace)
      #expect(good == ("", "", 0))
      let read = try await run(
        ExecCommand(command: ["sh", "-c", "read x; echo got $x"], takesInput: true), cluster, namespace,
        input: "hello\n")
      #expect(read == ("got hello\n", "", 0))
      let odd = try await run(
        ExecCommand(command: ["printf", "%s", "a b & c=d?e/f+g \u{e9}"]), cluster, namespace)
      #expect(odd.output == "a b & c=d?e/f+g \u{e9}")
      let long = try await run(ExecCommand(command: ["sh", "-c", "seq 1 200000"]), cluster, namespace)
      #expect(long.output.utf8.count == 1_288_895)
      #expect(long.code == 0)
    }
  }

  @Test("A terminal has a size") func aTerminalHasASize() async throws {
    try await RealCluster.withPod("sleep 600") { cluster, namespace in
      // A node takes a size no earlier than the command runs, and handles what comes on different channels
      // side by side.
      let command = ExecCommand(
        command: ["sh", "-c", "until stty size 2>/dev/null | grep .; do echo again; read x; done; exit 7"],
        terminal: true,
        takesInput: true)
      let (output, code) = try await cluster.pods.exec(command, pod: "pod", in: namespace) { session in
        var (output, code) = ([UInt8](), Int?.none)
        for try await event in session.output {
          switch event {
          case .output(let bytes):
            output += bytes
            guard bytes.contains(UInt8(ascii: "n")) else { continue }
            try await session.input.resize(columns: 123, rows: 45)
            try await session.input.write(Array("\n".utf8))
          case .error: Issue.record("a terminal is one stream")
          case .ended(let status): code = status
          }
        }
        return (String(decoding: output, as: UTF8.self), code)
      }
      #expect(output.contains("45 123"), "\(output)")
      #expect(code == 7)
    }
  }

  @Test("What cannot be run is told so") func whatCannotBeRunIsToldSo() async throws {
    try await RealCluster.withPod("sleep 600") { cluster, namespace in
      // Some engines tell it by an exit status, others by an error.
      do {
        let result = try await run(ExecCommand(command: ["/no/such/program"]), cluster, namespace)
        #expect(result.code == 126 || result.code == 127, "\(result)")
      } catch let error as KubernetesError {
        #expect(error.message.contains("/no/such/program"))
      }
      let container = await #expect(throws: KubernetesError.self) {
        try await run(ExecCommand(command: ["true"], container: "other"), cluster, namespace)
      }
      #expect(container?.status == 400)
      #expect(container?.message.contains("other") == true)
      let pod = await #expect(throws: KubernetesError.self) {
        try await cluster.pods.exec(ExecCommand(command: ["true"]), pod: "no-such-pod", in: namespace) { _ in
        }
      }
      #expect(pod?.isNotFound == true)
    }
  }

  @Test("An old server cannot end input") func anOldServerCannotEndInput() async throws {
    try await RealCluster.withPod("sleep 600") { cluster, namespace in
      try await cluster.pods.exec(ExecCommand(command: ["cat"], takesInput: true), pod: "pod", in: namespace)
      {
        session in
        if cluster.version < ServerVersion(major: 1, minor: 29) { #expect(!session.input.canFinish) }
        guard !session.input.canFinish else { return try await session.input.finish() }
        let error = await #expect(throws: KubernetesError.self) { try await session.input.finish() }
        #expect(error?.message.contains("input has ended") == true)
      }
    }
  }
}
