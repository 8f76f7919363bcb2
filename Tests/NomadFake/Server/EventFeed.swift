import Values

/// Events that are being sent.
struct EventFeed: Sendable {
  let topics: [(String, String)]
  let namespace: String
  /// What comes next.
  private var next: UInt64
  private var lastBeat: Duration?

  static let beat = Duration.seconds(30)

  init(topics: [(String, String)], namespace: String, index: UInt64) {
    self.topics = topics
    self.namespace = namespace
    next = index
  }

  mutating func next(_ events: FakeEventBuffer, now: Duration) -> [UInt8] {
    var out: [UInt8] = []
    if lastBeat.map({ now - $0 >= Self.beat }) ?? true {
      lastBeat = now
      out += Array("{}\n".utf8)
    }
    for batch in events.batches where batch.index >= next {
      next = batch.index + 1
      let wanted = batch.events.filter(isWanted)
      guard !wanted.isEmpty else { continue }
      let json: JSON = ["Index": .state(batch.index), "Events": .array(wanted)]
      out += Array((json.text + "\n").utf8)
    }
    return out
  }

  private func isWanted(_ event: JSON) -> Bool {
    let own = event.text("Namespace")
    guard namespace == "*" || own.isEmpty || own == namespace else { return false }
    let keys = [event.text("Key")] + event.elements("FilterKeys").compactMap(\.string)
    return topics.contains { topic, key in
      (topic == "*" || topic == event.text("Topic")) && (key == "*" || keys.contains(key))
    }
  }
}
