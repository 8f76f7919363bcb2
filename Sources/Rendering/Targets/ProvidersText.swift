/// Targets and providers for a person.
///
///     TARGET     PROVIDER  HEALTH       LATENCY  REGION  LOCATION  NOTE
///     ● local    local     healthy      0.2 ms           build-7
///       staging  docker    unreachable           eu      build-9   it did not answer within 5.0 seconds
///
///     PROVIDER  CAPABILITIES
///     local     deploy, logs, provision, scale
public enum ProvidersText {
  /// A table of the targets, the default one marked, and one of the kinds of provider.
  public static func render(
    _ targets: [TargetStatus], providers: [KnownProvider], style: TextStyle
  ) -> String {
    var table = Table(["TARGET", "PROVIDER", "HEALTH", "LATENCY", "REGION", "LOCATION", "NOTE"])
    for target in targets { table.add(cells(target)) }
    var kinds = Table(["PROVIDER", "CAPABILITIES"])
    for provider in providers {
      kinds.add([
        .init(SafeText.line(provider.name)), .init(provider.capabilities.joined(separator: ", ")),
      ])
    }
    return table.text(style) + "\n" + kinds.text(style)
  }

  private static func cells(_ target: TargetStatus) -> [Table.Cell] {
    let isHealthy = target.health == .healthy
    return [
      .init((target.isDefault ? "● " : "  ") + SafeText.line(target.target)),
      .init(SafeText.line(target.provider)),
      .init(target.health.rawValue, isHealthy ? .added : .removed),
      .init(target.latency.map(milliseconds) ?? ""),
      .init(SafeText.line(target.region ?? "")), .init(SafeText.line(target.location ?? "")),
      .init(isHealthy ? "" : SafeText.line(target.message)),
    ]
  }

  /// `0.2 ms`
  private static func milliseconds(_ duration: Duration) -> String {
    let parts = duration.components
    let tenths = parts.seconds * 10_000 + parts.attoseconds / 100_000_000_000_000
    return "\(tenths / 10).\(tenths % 10) ms"
  }
}
