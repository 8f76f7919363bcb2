import ArgumentParser
import Foundation
import ProviderKit

/// The program: one command per thing that a person wants.
struct Berth: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "berth",
    abstract: "Run one declarative workload spec anywhere.",
    discussion: """
      Shows what will change before it changes it, changes only what differs, records every success as a \
      release, and can go back to any of them.

        berth plan  -f workload.yaml     what would change, and why; touches nothing
        berth apply -f workload.yaml     do it
        berth rollback shop --to 4       back to release 4, by the same path

      Exit statuses:
      \(ExitStatus.help)
      """,
    version: BerthVersion.text,
    subcommands: [
      ValidateCommand.self, RenderCommand.self, GraphCommand.self, PlanCommand.self, ApplyCommand.self,
      RollbackCommand.self,
      HistoryCommand.self, DiffCommand.self, ListCommand.self, StatusCommand.self, LogsCommand.self,
      UsageCommand.self, ExecCommand.self,
      DriftCommand.self, ProvidersCommand.self, StopCommand.self, StartCommand.self, RestartCommand.self,
      ScaleCommand.self, PromoteCommand.self, AbortCommand.self, SuspendCommand.self, UnsuspendCommand.self,
      DestroyCommand.self, ClusterCommand.self, SecretCommand.self, ImportCommand.self, SchemaCommand.self,
      ExplainCommand.self, UnlockCommand.self, CompletionCommand.self,
    ])

  /// Parses the arguments and runs the command that they name.
  static func start() async -> Never {
    // A reader that went away is noticed by what writing says.
    signal(SIGPIPE, SIG_IGN)
    do {
      var command = try await asyncParseAsRoot()
      if var command = command as? any AsyncParsableCommand {
        try await command.run()
      } else {
        try command.run()
      }
      Foundation.exit(EXIT_SUCCESS)
    } catch {
      // Help, the version and completions are results like others, whose loss is told.
      let (text, status) = (fullMessage(for: error), exitCode(for: error))
      let console = Console()
      if !text.isEmpty {
        if status.isSuccess { console.write(text + "\n") } else { console.writeError(text + "\n") }
      }
      Foundation.exit(status.isSuccess && !StandardOutput.isComplete() ? EXIT_FAILURE : status.rawValue)
    }
  }
}
