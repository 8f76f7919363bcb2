/// How many bytes, for people: `512B`, `48.1Mi`, `1.5Gi`.
enum ByteText {
  private static let units = ["Ki", "Mi", "Gi", "Ti", "Pi", "Ei"]

  /// With one digit behind the point, in the largest unit of which there is a whole one.
  static func short(_ bytes: UInt64) -> String {
    guard bytes >= 1024 else { return "\(bytes)B" }
    let power = min((UInt64.bitWidth - 1 - bytes.leadingZeroBitCount) / 10, units.count)
    let tenths = UInt64((Double(bytes) / Double(UInt64(1) << (10 * power)) * 10).rounded())
    return "\(tenths / 10).\(tenths % 10)\(units[power - 1])"
  }
}
