/// "Did you mean": the known name that is nearest to one that was written.
public enum Suggestion {
  /// With more known names than this, a guess helps no user, and looking for it takes long.
  private static let maximumKnown = 1000

  /// The nearest of the known names, if it is near enough to be meant.
  public static func nearest(to written: String, among known: [String]) -> String? {
    guard known.count <= maximumKnown else { return nil }
    let folded = fold(written)
    // Of two letters, one that differs is half of the name.
    let limit = folded.count < 3 ? 0 : max(1, folded.count / 3)
    var best: (name: String, distance: Int)?
    for name in known {
      let distance = distance(folded, fold(name), limit: min(limit, (best?.distance ?? limit + 1) - 1))
      if let distance { best = (name, distance) }
    }
    return best?.name
  }

  /// "did you mean `image`?", if a known name is near enough.
  public static func help(for written: String, among known: [String]) -> String? {
    nearest(to: written, among: known).map { "did you mean `\($0)`?" }
  }

  /// `health_check`, `health-check` and `HealthCheck` are the same mistake for `healthCheck`.
  private static func fold(_ name: String) -> [UInt8] {
    name.lowercased().utf8.filter { $0 != UInt8(ascii: "_") && $0 != UInt8(ascii: "-") }
  }

  /// The optimal string alignment distance (Damerau-Levenshtein without overlapping swaps), if within a limit.
  private static func distance(_ a: [UInt8], _ b: [UInt8], limit: Int) -> Int? {
    guard limit >= 0, abs(a.count - b.count) <= limit else { return nil }
    guard a.count <= 256, !a.isEmpty, !b.isEmpty else { return nil }
    var before: [Int] = []
    var last = Array(0...b.count)
    for i in 1...a.count {
      var row = [i]
      for j in 1...b.count {
        var cost = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1))
        if i > 1, j > 1, a[i - 1] == b[j - 2], a[i - 2] == b[j - 1] { cost = min(cost, before[j - 2] + 1) }
        row.append(cost)
      }
      (before, last) = (last, row)
    }
    return last[b.count] <= limit ? last[b.count] : nil
  }
}
