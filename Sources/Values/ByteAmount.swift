/// How amounts of bytes are written: as Kubernetes does, `256Mi`, `1Gi`, `500M`.
package enum ByteAmount {
  /// The units, in the order in which they are tried: those of 1024 before those of 1000.
  package static let units: [(suffix: String, bytes: Int64)] = [
    ("Ei", 1 << 60), ("Pi", 1 << 50), ("Ti", 1 << 40), ("Gi", 1 << 30), ("Mi", 1 << 20), ("Ki", 1 << 10),
    ("E", 1_000_000_000_000_000_000), ("P", 1_000_000_000_000_000), ("T", 1_000_000_000_000),
    ("G", 1_000_000_000),
    ("M", 1_000_000), ("k", 1000),
  ]

  /// The shortest way to write an amount.
  package static func text(_ bytes: Int64) -> String {
    for unit in units where bytes % unit.bytes == 0 && bytes > 0 {
      return "\(bytes / unit.bytes)\(unit.suffix)"
    }
    // Every amount that can be read is a whole number of thousandths of a unit.
    let whole = bytes / 1000
    let part = String(bytes % 1000 + 1000).dropFirst()
    return "\(whole).\(part)k"
  }
}
