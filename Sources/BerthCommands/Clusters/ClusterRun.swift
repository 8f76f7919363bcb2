import ArgumentParser
import ClusterNodes
import Diagnostics
import Engine
import Rendering
import WorkloadSpec

/// How the nodes of a cluster are changed.
struct ClusterRunOptions: ParsableArguments {
  @Option(help: ArgumentHelp("How long each node may take.", valueName: "duration"))
  var timeout = "2m"

  @Option(help: ArgumentHelp("How many nodes may be changed at once.", valueName: "number"))
  var parallelism = 20

  @Option(help: ArgumentHelp("How to print: text, json.", valueName: "format"))
  var format = TextOrJSON.text

  func validate() throws {
    if SpecDuration(timeout) == nil {
      throw ValidationError(
        "invalid value '\(timeout)' for --timeout: expected a length of time with its unit, such as 90s")
    }
    if parallelism < 1 {
      throw ValidationError("invalid value '\(parallelism)' for --parallelism: expected 1 or more")
    }
  }

  /// The options as the keeper of clusters takes them.
  var keeperOptions: ClusterKeeper.Options {
    var options = ClusterKeeper.Options()
    options.limit = SpecDuration(timeout)?.duration ?? options.limit
    options.parallelism = parallelism
    return options
  }
}

/// An operation on a cluster, as it is shown.
struct ClusterRun {
  /// What does one.
  typealias Body =
    @Sendable (ClusterKeeper, Cluster, @escaping @Sendable (ClusterEvent) -> Void) async -> ClusterChange

  let operation: ClusterOperation
  let target: NodeTarget
  let options: ClusterRunOptions

  /// Does it, and shows how it goes.
  ///
  /// - Throws: `ExitCode` 1 if something could not be done, or 128 and the number of the signal that interrupted it; what
  ///   went wrong was shown.
  func run(on cluster: Cluster, _ console: Console, _ body: Body) async throws {
    var console = console
    console.outlivesReader = true
    let interrupts = Interrupts(console: console)
    let keeper = ClusterKeeper(
      provider: target.provider, options: options.keeperOptions, stop: interrupts.stop)
    let change = await body(keeper, cluster) { [console, options] event in
      guard options.format == .text else { return }
      console.write(ClusterChangeText(operation, style: console.style).line(event))
    }
    show(change, console)
    console.warn(diagnostics(of: change))
    if !change.notTried.isEmpty, let status = interrupts.exitStatus {
      console.note("Interrupted. Running the same command again goes on from here.")
      throw ExitCode(status)
    }
    if change.hasFailed { throw ExitCode.failure }
  }

  private func show(_ change: ClusterChange, _ console: Console) {
    switch options.format {
    case .json: console.write(ClusterJSON.change(change, on: target.name))
    case .text:
      if let now = change.now {
        console.write(ClusterStatusText.render(now, on: target.name, style: console.style))
      } else if operation == .delete, !change.hasFailed, change.notTried.isEmpty {
        console.say("Deleted the cluster \(change.before.id) from \(target.name).")
      }
    }
  }

  private func diagnostics(of change: ClusterChange) -> Diagnostics {
    var diagnostics = Diagnostics()
    for end in change.ends where end.outcome == .failed {
      diagnostics.report(
        .clusterChangeFailed,
        "can't \(operation.rawValue) the \(end.item.kind) `\(end.item.name)`: \(end.message ?? "it failed")",
        help: "fix the cause and run the command again: it repeats no finished step")
    }
    for node in change.moved {
      diagnostics.report(
        .nodesMoved,
        "the engine gave `\(node.node)` other addresses: \(node.before.joined(separator: ", ")) before, "
          + "\(node.now.joined(separator: ", ")) now",
        help: "see whether the cluster comes up; `berth explain W1001` says what to do if it does not")
    }
    for remark in change.remarks { diagnostics.report(.clusterRemark, remark) }
    return diagnostics
  }
}
