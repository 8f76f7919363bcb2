import ArgumentParser
import Engine

/// `berth destroy`: takes workloads away.
struct DestroyCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "destroy",
    abstract: "Stop and delete workloads; their volumes are kept.",
    discussion: """
      Examples:
        berth destroy web
        berth destroy web --volumes --yes
        berth destroy web db

      Of several, those that depend on others are destroyed first. A workload that one that stays depends on is \
      not destroyed unless --force is given. Asks on a terminal, and needs --yes without one. The history stays, \
      and numbering goes on: `berth rollback web --to 4` brings release 4 back.
      """)

  @Argument(help: ArgumentHelp("The workloads.", valueName: "workload"), completion: .workloads)
  var workloads: [String]

  @Flag(help: "Delete their volumes, too. The data on them is lost.")
  var volumes = false

  @Flag(help: "Delete a workload even if one that stays depends on it.")
  var force = false

  @OptionGroup var selection: TargetSelection
  @OptionGroup var options: RunOptions

  func run() async throws {
    try await reporting { console in
      try options.consent.requireConsent(to: "deleting a workload", console)
      let target = try await selection.resolve(policies: options.policies)
      var requests: [WorkloadRequest] = []
      for name in Set(workloads).sorted() {
        let key = try target.key(name)
        try await target.requireKnown(key)
        requests.append(
          WorkloadRequest(key: key, goal: .destroy(volumes: volumes), isForced: force))
      }
      try await Runner(target: target, options: options, console: console).run(requests, verb: "Destroy")
    }
  }
}
