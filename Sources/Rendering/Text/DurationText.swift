/// How long something took, for people.
enum DurationText {
  /// `0.3s`, `12.0s`, `1m20s`
  static func short(_ duration: Duration) -> String {
    let parts = duration.components
    let tenths = max(0, parts.seconds * 10 + parts.attoseconds / 100_000_000_000_000_000)
    guard tenths >= 600 else { return "\(tenths / 10).\(tenths % 10)s" }
    return "\(tenths / 600)m\(tenths / 10 % 60)s"
  }
}
