import Values

/// Targets and providers for programs.
public enum ProvidersJSON {
  /// An object with the keys `targets` and `providers`; what is not known is `null`.
  ///
  /// A target has `target`, `isDefault`, `provider`, `health` (`healthy`, `unhealthy`, `unreachable`),
  /// `latencyMicroseconds`, `region`, `location`, `version` and `message`. A provider has `name`, `summary`,
  /// `capabilities` and `options`: the keys that only its targets have in berth.yaml.
  public static func render(_ targets: [TargetStatus], providers: [KnownProvider]) -> String {
    CanonicalJSON.pretty(["targets": .list(targets.map(value)), "providers": .list(providers.map(value))])
  }

  private static func value(_ target: TargetStatus) -> Value {
    [
      "target": .string(target.target), "isDefault": .bool(target.isDefault),
      "provider": .string(target.provider), "health": .string(target.health.rawValue),
      "latencyMicroseconds": target.latency.map(microseconds) ?? .null, "region": Value(target.region),
      "location": Value(target.location), "version": Value(target.version),
      "message": .string(target.message),
    ]
  }

  private static func value(_ provider: KnownProvider) -> Value {
    [
      "name": .string(provider.name), "summary": .string(provider.summary),
      "capabilities": .list(provider.capabilities.map(Value.string)),
      "options": .list(provider.options.map(Value.string)),
    ]
  }

  private static func microseconds(_ duration: Duration) -> Value {
    .int(duration.components.seconds * 1_000_000 + duration.components.attoseconds / 1_000_000_000_000)
  }
}
