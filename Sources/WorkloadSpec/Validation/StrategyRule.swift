/// A rolling change needs room to move.
enum StrategyRule {
  static func check(_ workload: Workload, _ places: SpecPlaces, _ diagnostics: inout Diagnostics) {
    let strategy = workload.strategy
    guard strategy.type == .rolling, strategy.maxSurge == 0, strategy.maxUnavailable == 0 else { return }
    diagnostics.report(
      .badStrategy, "with `maxSurge` and `maxUnavailable` both 0, no instance could ever be replaced",
      at: places.place("strategy"), help: "set one of them to 1 or more, or use `type: recreate`")
  }
}
