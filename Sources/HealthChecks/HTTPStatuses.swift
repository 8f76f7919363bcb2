/// Which statuses of HTTP are a success.
package enum HTTPStatuses {
  /// The statuses that `204` or `200-299` names; `nil` for any other text.
  package static func range(_ text: String) -> ClosedRange<Int>? {
    let ends = text.split(separator: "-", omittingEmptySubsequences: false).map { Int($0) }
    guard (1...2).contains(ends.count), let first = ends[0], let last = ends[ends.count - 1],
      (100...599).contains(first), (100...599).contains(last), first <= last
    else { return nil }
    return first...last
  }

  /// Whether a status is a success.
  ///
  /// - Parameter stated: the statuses that are one, and ranges of them; none for 200 to 399.
  package static func accept(_ code: Int, stated: [String]) -> Bool {
    guard !stated.isEmpty else { return (200...399).contains(code) }
    return stated.contains { range($0)?.contains(code) ?? false }
  }
}
