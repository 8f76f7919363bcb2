import Diagnostics

/// A change-over needs room to move.
enum StrategyRule {
  static func check(_ workload: Workload, _ places: SpecPlaces, _ diagnostics: inout Diagnostics) {
    let strategy = workload.strategy
    if strategy.type == .rolling, strategy.maxSurge == 0, strategy.maxUnavailable == 0 {
      diagnostics.report(
        .badStrategy, "with `maxSurge` and `maxUnavailable` both 0, no instance could ever be replaced",
        at: places.place("strategy"), help: "set one of them to 1 or more, or use `type: recreate`")
    }
    if strategy.type == .canary, strategy.maxSurge == 0 {
      diagnostics.report(
        .badStrategy, "a canary needs a new instance to watch, and `maxSurge` is 0",
        at: places.place("strategy"), help: "set `maxSurge` to how many new instances come first")
    }
    guard strategy.type == .canary || strategy.type == .blueGreen else { return }
    if !workload.kind.takesSuccessors {
      diagnostics.report(
        .badStrategy,
        workload.kind.hasStableInstances
          ? "a stateful set's instances are one of a kind: `\(strategy.type.rawValue)` can't double them"
          : "there is one of each in an object set: `\(strategy.type.rawValue)` can't double them",
        at: places.place("strategy"), help: "use `type: rolling`, which goes one instance at a time")
    }
    for service in workload.services {
      guard let port = service.ports.first(where: { $0.host != nil }), let host = port.host else { continue }
      diagnostics.report(
        .badStrategy,
        "`\(strategy.type.rawValue)` runs new instances beside old ones, and only one can have the host port \(host)",
        at: places.place(of: port, in: "ports", of: service, "host"),
        help: "leave out `host`, so that each instance gets a port of its own, or use `type: rolling`",
        related: RelatedLocation.list("the strategy is set here", places.place("strategy")))
    }
  }
}
