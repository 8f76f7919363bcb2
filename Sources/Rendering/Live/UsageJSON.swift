import Planning
import Values

/// What services use, for programs.
public enum UsageJSON {
  /// A list of objects with these keys; what is not known is `null`:
  ///
  /// | key | value |
  /// | --- | --- |
  /// | `workload`, `namespace`, `instance`, `service` | names |
  /// | `cpu` | thousandths of a processor that it keeps busy |
  /// | `cpuTime` | milliseconds on processors since it started |
  /// | `memory`, `memoryLimit` | bytes; the limit is `null` if there is none |
  /// | `openFiles`, `processes` | how many |
  public static func render(_ rows: [UsageSample]) -> String { CanonicalJSON.pretty(value(rows)) }

  /// The same list on one line, with its line break.
  public static func line(_ rows: [UsageSample]) -> String { CanonicalJSON.compact(value(rows)) + "\n" }

  private static func value(_ rows: [UsageSample]) -> Value { .list(rows.map(value)) }

  private static func value(_ row: UsageSample) -> Value {
    [
      "workload": .string(row.key.name), "namespace": .string(row.key.namespace),
      "instance": .string(row.instance.description), "service": .string(row.service),
      "cpu": Value(row.processorsBusy.map { Int(($0 * 1000).rounded()) }),
      "cpuTime": row.cpuTime.map { .int(Int64($0 / .milliseconds(1))) } ?? .null,
      "memory": .int(Int64(clamping: row.memory)),
      "memoryLimit": row.memoryLimit.map { .int(Int64(clamping: $0)) } ?? .null,
      "openFiles": Value(row.openFiles), "processes": Value(row.processes),
    ]
  }
}
