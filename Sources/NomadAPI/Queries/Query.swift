import Wire

/// Of what a read is, and what it waits for.
package struct Query: Sendable, Hashable {
  /// The namespace; `nil` means that of the access, `*` all.
  package var namespace: String?
  /// Waits until there is something newer than this state; `nil` asks for what is there now.
  package var index: UInt64?
  /// How long at most is waited, at most 10 minutes; `nil` means the agent's 5 minutes.
  package var wait: Duration?
  /// Whether any server may answer, also one that is a little behind.
  package var isStale: Bool

  package init(
    namespace: String? = nil, index: UInt64? = nil, wait: Duration? = nil, isStale: Bool = false
  ) {
    self.namespace = namespace
    self.index = index
    self.wait = wait
    self.isStale = isStale
  }

  /// What is there now in a namespace; `nil` means that of the access.
  package static func `in`(_ namespace: String?) -> Query { Query(namespace: namespace) }

  /// Whether the agent may keep the answer back.
  var isBlocking: Bool { (index ?? 0) > 0 }

  /// How long an agent waits that is not told how long.
  private static let usualWait = Duration.seconds(300)
  private static let longestWait = Duration.seconds(600)

  func applied(to request: Request, namespace usual: String) -> Request {
    var request = request.with("namespace", namespace ?? usual).with("stale", isStale)
    guard isBlocking else { return request }
    let wait = min(wait ?? Self.usualWait, Self.longestWait)
    request = request.with("index", index.map { "\($0)" }).with("wait", "\(Self.milliseconds(wait))ms")
    // Agents add up to a sixteenth, so that those who wait for the same do not come back together.
    return request.within(wait + wait / 16 + Request.patience)
  }

  private static func milliseconds(_ duration: Duration) -> Int64 {
    let parts = duration.components
    return parts.seconds * 1000 + parts.attoseconds / 1_000_000_000_000_000
  }
}
