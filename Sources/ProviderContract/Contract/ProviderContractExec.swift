import Planning
import ProviderKit
import Synchronization
import WorkloadSpec

extension ProviderContract {
  /// Commands beside services, and what services use. The commands are `cat`, `printenv`, `test` and `sh`, which
  /// the services of the harness must have.
  static let execCases: [ContractCase] = [
    ContractCase("a command ends with its own exit code", "exec-code", needs: .exec) { scene in
      try await scene.apply(scene.workload([scene.service("api")]))
      for code in [0, 3] as [Int32] {
        let end = try await scene.exec(["sh", "-c", "exit \(code)"])
        try expect(end.code, is: code, "the exit code")
      }
    },
    ContractCase("a program that is not there is exit code 127, with the reason", "exec-127", needs: .exec) {
      scene in
      try await scene.apply(scene.workload([scene.service("api")]))
      let end = try await scene.exec(["no-such-program-anywhere"])
      try expect(end.code, is: 127, "the exit code")
      try expect(!end.output.isEmpty, "a reason")
    },
    ContractCase("a command gets all of its input, and its end", "exec-input", needs: .exec) { scene in
      try await scene.apply(scene.workload([scene.service("api")]))
      let pieces = (0..<64).map { [UInt8](repeating: UInt8($0), count: 4096) }
      let end = try await scene.exec(["cat"], input: pieces.map { .bytes($0) } + [.end])
      try expect(end.code, is: 0, "the exit code")
      try expect(end.output == pieces.flatMap { $0 }, "the same bytes as the input")
      let silent = try await scene.exec(["cat"])
      try expect(silent.output, is: [], "the output where the input is over at once")
    },
    ContractCase("a command sees the environment of its service", "exec-env", needs: .exec) { scene in
      var service = scene.service("api")
      service.env["CONTRACT"] = "a value"
      try await scene.apply(scene.workload([service]))
      let end = try await scene.exec(["printenv", "CONTRACT"])
      try expect(String(decoding: end.output, as: UTF8.self), is: "a value\n", "the output")
      try expect(try await scene.exec(["printenv", "NOT_SET"]).code, is: 1, "the exit code")
    },
    ContractCase("a command has a terminal if one was asked for", "exec-tty", needs: .exec) { scene in
      try await scene.apply(scene.workload([scene.service("api")]))
      try expect(try await scene.exec(["test", "-t", "0"]).code, is: 1, "the exit code without a terminal")
      let size = TerminalSize(columns: 80, rows: 24)
      let end = try await scene.exec(["test", "-t", "0"], terminal: size)
      try expect(end.code, is: 0, "the exit code with a terminal")
    },
    ContractCase("nothing runs beside a service that does not", "exec-where", needs: .exec, units: [.service])
    { scene in
      let workload = scene.workload([scene.service("api"), scene.service("proxy", .sidecar)])
      try await expectError(ActionFailure.self, "a command beside nothing") { try await scene.exec(["cat"]) }
      try await scene.apply(workload)
      try await expectError(ActionFailure.self, "a command beside a service that is not there") {
        try await scene.exec(["cat"], in: "unknown")
      }
      try await scene.operate(.stop(ServiceScope(service: "proxy")), on: workload, run: "run-2")
      try await expectError(ActionFailure.self, "a command beside a stopped service") {
        try await scene.exec(["cat"], in: "proxy")
      }
    },
    ContractCase("what runs uses something, and what does not uses nothing", "usage", units: [.service]) {
      scene in
      try expect(try await scene.provider.usage(of: scene.key), is: [], "the usage of nothing")
      let workload = scene.workload(
        [scene.service("prepare", .`init`), scene.service("api"), scene.service("proxy", .sidecar)],
        replicas: 2)
      try await scene.apply(workload)
      let usage = try await scene.provider.usage(of: scene.key)
      try expect(
        usage.map { "\($0.instance).\($0.service)" }, is: ["0.api", "0.proxy", "1.api", "1.proxy"],
        "the services that run")
      try expect(usage.allSatisfy { $0.memory > 0 }, "memory")
      try expect(usage.allSatisfy { $0.processes.map { $0 > 0 } ?? true }, "a process, where it can be told")
      try await scene.operate(.stop(ServiceScope(service: "proxy")), on: workload, run: "run-2")
      try expect(
        try await scene.provider.usage(of: scene.key).map(\.service), is: ["api", "api"],
        "the services that still run")
    },
  ]
}

extension ContractScene {
  /// How a command ended, and what it wrote, to either stream.
  struct CommandEnd {
    let code: Int32
    let output: [UInt8]
  }

  @discardableResult
  func exec(
    _ command: [String], in service: String = "api", input: [ExecInput] = [], terminal: TerminalSize? = nil
  ) async throws -> CommandEnd {
    let written = Mutex<[UInt8]>([])
    let pieces = AsyncStream { continuation in
      for piece in input { continuation.yield(piece) }
      continuation.finish()
    }
    let instance = try await instance()
    let code = try await provider.exec(
      ExecRequest(
        key: key, instance: instance, service: service, command: command, terminal: terminal),
      input: pieces
    ) { piece in written.withLock { $0 += piece.bytes } }
    return CommandEnd(code: code, output: written.withLock { $0 })
  }
}
