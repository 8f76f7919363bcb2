/// How a workload's instances give way to new ones.
public struct Strategy: SpecObject {
  /// The kind of change-over.
  public var type = StrategyType.rolling
  /// How many instances there may be beyond the wanted number during a change.
  public var maxSurge = 1
  /// How many of the wanted instances may be away during a change.
  public var maxUnavailable = 0

  /// Rolling, with one extra instance.
  public init() {}

  /// The statement of a strategy's fields.
  public static let schema = ObjectSchema<Strategy>(
    "strategy", plural: "strategies", "How a workload's instances give way to new ones.",
    shorthand: { "{type: \($0)}" },
    fields: [
      Field("type", \.type, "the kind of change-over"),
      Field(
        "maxSurge", \.maxSurge,
        "how many instances there may be beyond the wanted number; for a canary, how many come first",
        rules: [.range(0...10_000)]),
      Field(
        "maxUnavailable", \.maxUnavailable, "how many of the wanted instances may be away",
        rules: [.range(0...10_000)]),
    ])
}

/// The kinds of change-over.
public enum StrategyType: String, SpecChoice {
  /// A few instances at a time.
  case rolling
  /// All old instances go before new ones come.
  case recreate
  /// A full second set comes up, then takes over.
  case blueGreen = "blue_green"
  /// A few new instances come up and are watched first.
  case canary
}
