import ArgumentParser
import Engine

/// `berth unlock`: takes a workload's lock away from its holder.
struct UnlockCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "unlock",
    abstract: "Take a workload's lock away from a run that will not give it back.",
    discussion: """
      Example:
        berth unlock web

      The next apply breaks the lock of a holder that died, after a while; this command breaks any lock at once. \
      A run that loses its lock stops before its next action.
      """)

  @Argument(help: "The workload.", completion: .workloads)
  var workload: String

  @OptionGroup var selection: TargetSelection
  @OptionGroup var consent: ConsentOptions

  func run() async throws {
    try await reporting { console in
      let target = try await selection.resolve()
      let key = try target.key(workload)
      guard let record = try await target.reader.history.lock(of: key) else {
        console.say("The lock of \(key.name) is free.")
        return
      }
      try consent.requireConsent(to: "taking a lock away", console)
      if console.isInteractive, !consent.yes {
        guard console.confirm("Take the lock of \(key.name) away from \(record.holder.description)?") else {
          return
        }
      }
      _ = try await Engine(provider: target.provider, target: target.name).unlock(key)
      console.say("Unlocked \(key.name), which \(record.holder.description) held.")
    }
  }
}
