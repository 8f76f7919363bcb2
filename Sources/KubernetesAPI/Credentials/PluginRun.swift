import Subprocess
import Values
import Wire

/// Runs an exec plugin, to get credentials.
struct PluginRun: Sendable {
  let plugin: ExecPlugin
  /// What the kubeconfig calls the user.
  let user: String
  let permission: ProgramPermission

  /// How long it may take if it has nothing to ask. Logging in at a cloud takes some seconds.
  private static let patience = Duration.seconds(60)
  /// How long it may take if a person has to answer.
  private static let personPatience = Duration.seconds(600)
  /// The longest answer, in bytes.
  private static let longestAnswer = 1 << 20
  /// How much is kept of what it says besides, in bytes.
  private static let longestNote = 16 * 1024

  /// Runs it.
  ///
  /// - Throws: ``KubernetesError`` if it may not run, is not there, fails, or its answer can't be used;
  ///   `CancellationError`.
  func credential() async throws -> PluginCredential {
    let (environment, person): ([String: String], Bool)
    switch permission {
    case .granted(let given, let isInteractive): (environment, person) = (given, isInteractive)
    case .refused(let reason):
      throw KubernetesError(
        "the user \"\(user)\" gets credentials from the program \(plugin.command), "
          + "which is not run: \(reason)",
        help: "use a configuration that may run programs, or a user with a token or a certificate")
    }
    let isInteractive = person && plugin.interactiveMode != .never
    guard isInteractive || plugin.interactiveMode != .always else {
      throw failure("has to ask a person something, and there is no terminal", help: "log in by hand before")
    }
    let (succeeded, status, output, note) = try await run(environment, isInteractive: isInteractive)
    guard succeeded else {
      throw failure(
        "failed (\(status))\(note.isEmpty ? "" : ": \(note)")", help: "see whether it works by hand: \(shown)"
      )
    }
    do throws(PluginCredential.Failure) {
      return try PluginCredential(output, version: plugin.version)
    } catch {
      throw failure(error.message, help: "see what it prints by hand: \(shown)")
    }
  }

  private func run(
    _ inherited: [String: String], isInteractive: Bool
  ) async throws -> (succeeded: Bool, status: String, output: [UInt8], note: String) {
    var environment = inherited.merging(plugin.environment) { $1 }
    environment["KUBERNETES_EXEC_INFO"] = info(isInteractive: isInteractive).text
    // As the system takes them, each ended by a zero: without it, whatever lies behind in memory would be
    // passed on.
    let variables = Environment.custom(environment.map { Array("\($0.key)=\($0.value)\0".utf8) })
    let program =
      plugin.command.contains("/") ? Executable.path(.init(plugin.command)) : .name(plugin.command)
    let arguments = Arguments(plugin.arguments)
    let patience = isInteractive ? Self.personPatience : Self.patience
    do {
      return try await within(
        patience,
        orThrow: failure(
          "did not answer within \(patience.components.seconds) s", help: "see what it does by hand: \(shown)"
        )
      ) {
        if isInteractive {
          // What it asks, it asks on standard error.
          let result = try await Subprocess.run(
            program, arguments: arguments, environment: variables, input: .currentStandardInput,
            output: .bytes(limit: Self.longestAnswer), error: .currentStandardError)
          return (
            result.terminationStatus.isSuccess, "\(result.terminationStatus)", result.standardOutput, ""
          )
        }
        let result = try await Subprocess.run(
          program, arguments: arguments, environment: variables, input: .none,
          output: .bytes(limit: Self.longestAnswer), error: .sequence
        ) { execution in
          var said: [UInt8] = []
          for try await piece in execution.standardError {
            piece.withUnsafeBytes { said += $0.prefix(Self.longestNote - said.count) }
          }
          return String(decoding: said, as: UTF8.self)
        }
        let lines = result.closureResult.split(whereSeparator: \.isNewline).suffix(5)
        return (
          result.terminationStatus.isSuccess, "\(result.terminationStatus)", result.standardOutput,
          lines.joined(separator: "; ")
        )
      }
    } catch let error as SubprocessError where error.code == .executableNotFound || error.code == .spawnFailed
    {
      throw failure(
        "can't be run: \(plugin.command.contains("/") ? "there is no such program" : "it is not in PATH")",
        help: plugin.installHint.map(\.trimmed) ?? "install it, or put its folder in PATH")
    } catch let error as SubprocessError {
      throw failure("can't be run: \(error)", help: "see whether it works by hand: \(shown)")
    }
  }

  /// What the plugin is told.
  private func info(isInteractive: Bool) -> JSON {
    var spec: JSON = ["interactive": .bool(isInteractive)]
    spec["cluster"] = plugin.cluster
    return ["kind": "ExecCredential", "apiVersion": .string(plugin.version.rawValue), "spec": spec]
  }

  /// The program with its arguments, as they would be typed.
  private var shown: String { ([plugin.command] + plugin.arguments).joined(separator: " ") }

  private func failure(_ reason: String, help: String) -> KubernetesError {
    KubernetesError(
      "the program \(plugin.command), which gives the credentials of the user \"\(user)\", \(reason)",
      help: help)
  }
}
