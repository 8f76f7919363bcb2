import KubernetesAPI
import Planning
import ProviderKit

/// Runs a command in a container of a pod.
struct PodCommand: Sendable {
  let client: KubernetesClient
  let namespace: String
  /// The pod, as it was observed.
  let pod: KubernetesObject
  /// What is run, and in which of the pod's containers.
  let request: ExecRequest

  /// From this version on, servers can tell a command that its input has ended.
  private static let endsInput = ServerVersion(major: 1, minor: 30)

  /// Runs the command to its end. If anything else ends that, the command is ended, in a container that has a shell.
  ///
  /// - Returns: its exit code.
  /// - Throws: `ActionFailure` if there is no such service, or it does not run; `KubernetesError`; what `output` throws.
  func run(
    input: any AsyncSequence<ProviderKit.ExecInput, Never> & Sendable,
    output: @escaping @Sendable (ProviderKit.ExecOutput) async throws -> Void
  ) async throws -> Int32 {
    try checkThatItRuns()
    guard try await hasShell() else {
      switch try await run(request.command, CommandTalk(input: input, output: output, isBare: true)) {
      case .ended(let code): return code
      case .notStarted(let failure):
        try await output(.init(isError: request.terminal == nil, bytes: Array((failure.text + "\n").utf8)))
        return failure.code
      }
    }
    let token = String(UInt64.random(in: .min ... .max), radix: 36)
    let isFramed = request.terminal == nil && client.version < Self.endsInput
    let command = ExecScript.starting(request.command, token: token, isFramed: isFramed)
    do {
      switch try await run(command, CommandTalk(input: input, output: output, isFramed: isFramed)) {
      case .ended(let code): return code
      case .notStarted(let failure): throw ActionFailure(failure.text)
      }
    } catch {
      // Not in this task, which may be cancelled.
      await Task { _ = try? await end(of: ExecScript.ending(token)) }.value
      throw error
    }
  }

  private func checkThatItRuns() throws(ActionFailure) {
    let container = LoggedContainer(
      pod: pod.name, uid: pod.uid, instance: request.instance, service: request.service)
    guard container.status(in: pod) != nil else {
      throw ActionFailure("instance \(request.instance) has no service `\(request.service)`")
    }
    guard container.runs(in: pod) else {
      throw ActionFailure("`\(request.service)` of instance \(request.instance) does not run")
    }
  }

  private func hasShell() async throws -> Bool { try await end(of: ["sh", "-c", "exit 0"]) == 0 }

  /// Runs a command that reads nothing and says nothing.
  ///
  /// - Returns: its exit code; `nil` if it can't be started.
  private func end(of command: [String]) async throws -> Int? {
    let exec = KubernetesAPI.ExecCommand(command: command, container: request.service)
    do {
      return try await client.pods.exec(exec, pod: pod.name, in: namespace) { session in
        for try await case .ended(let code) in session.output { return code }
        return nil
      }
    } catch let error as KubernetesError where StartFailure(error) != nil { return nil }
  }

  private func run(_ command: [String], _ talk: CommandTalk) async throws -> CommandTalk.End {
    let exec = KubernetesAPI.ExecCommand(
      command: command, container: request.service, terminal: request.terminal != nil, takesInput: true)
    do {
      return try await client.pods.exec(exec, pod: pod.name, in: namespace) { session in
        try await talk.pass(session, terminal: request.terminal)
      }
    } catch let error as KubernetesError {
      guard let failure = StartFailure(error) else { throw error }
      return .notStarted(failure)
    }
  }
}
