import Planning

/// What services use, for a person.
///
///     WORKLOAD  INSTANCE  SERVICE  CPU    MEMORY   LIMIT    FILES  PROCESSES
///     shop      0         api      12.3%  48.1Mi   64.0Mi   9      1
///                         envoy    0.4%   20.7Mi   -        31     2
public enum UsageText {
  /// A share of its memory limit from which a service may soon be killed.
  private static let nearLimit = 0.9

  /// A table with a row for each service. 100% is one processor.
  public static func render(_ rows: [UsageSample], style: TextStyle) -> String {
    guard !rows.isEmpty else { return "Nothing runs.\n" }
    var table = Table(
      ["WORKLOAD", "INSTANCE", "SERVICE", "CPU", "MEMORY", "LIMIT", "FILES", "PROCESSES"])
    var last: (key: WorkloadKey, instance: InstanceID)?
    for row in rows {
      let isSameWorkload = last?.key == row.key
      let isSameInstance = isSameWorkload && last?.instance == row.instance
      last = (row.key, row.instance)
      let isNear = row.memoryLimit.map { Double(row.memory) >= Double($0) * nearLimit } ?? false
      table.add([
        .init(isSameWorkload ? "" : SafeText.line(row.key.name)),
        .init(isSameInstance ? "" : row.instance.description), .init(SafeText.line(row.service)),
        .init(row.processorsBusy.map(percent) ?? "-"),
        .init(ByteText.short(row.memory), isNear ? .warning : nil),
        .init(row.memoryLimit.map(ByteText.short) ?? "-"),
        .init(row.openFiles.map { "\($0)" } ?? "-"), .init(row.processes.map { "\($0)" } ?? "-"),
      ])
    }
    return table.text(style)
  }

  /// `12.3%` of one processor.
  private static func percent(_ processors: Double) -> String {
    let tenths = Int((processors * 1000).rounded())
    return "\(tenths / 10).\(tenths % 10)%"
  }
}
