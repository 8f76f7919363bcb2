import Values

/// Keeps what is posted within a bound, as receivers keep what they take.
enum EventBody {
  /// The most bytes that are posted.
  static let limit = 256 * 1024
  /// The most bytes that a member may have in an event that was too long.
  private static let memberLimit = 4096

  /// An event that fits. From one that does not, the long members are taken out: they are `null`, and their names
  /// are listed under `omitted`.
  ///
  /// - Parameter json: an event, as one line of JSON.
  static func bounded(_ json: String, limit: Int = limit) -> String {
    let line = json.hasSuffix("\n") ? String(json.dropLast()) : json
    guard line.utf8.count > limit, let members = try? Value(json: line).members else { return line }
    var omitted: [Value] = []
    var kept = members.map { member in
      guard CanonicalJSON.compact(member.value).utf8.count > memberLimit else { return member }
      omitted.append(.string(member.key))
      return Value.Member(member.key, .null)
    }
    kept.append(Value.Member("omitted", .list(omitted)))
    return CanonicalJSON.compact(.map(kept))
  }
}
