/// How lengths of time are written: as Go does, `10s`, `1m30s`, `250ms`.
package enum TimeSpan {
  /// A length of time, without parts that are zero.
  package static func text(milliseconds: Int64) -> String {
    if milliseconds == 0 { return "0s" }
    var rest = milliseconds.magnitude
    // No spec can say so, but an engine can.
    var text = milliseconds < 0 ? "-" : ""
    for unit in [("h", UInt64(3_600_000)), ("m", 60_000), ("s", 1000), ("ms", 1)] where rest >= unit.1 {
      text += "\(rest / unit.1)\(unit.0)"
      rest %= unit.1
    }
    return text
  }
}
