import KubernetesAPI
import Values

/// Tells what a cluster said since an action began from what it said before. Events carry the time of the cluster's own clock,
/// which need not be that of this machine.
actor RunClock {
  private let client: KubernetesClient
  private let start = ContinuousClock.now
  private var beginning: Int64?

  /// A clock that starts now.
  init(client: KubernetesClient) { self.client = client }

  /// The events that were seen last since the start, the newest last. Where the cluster does not tell its time, all count.
  func newEvents(_ events: [KubernetesObject]) async -> [KubernetesObject] {
    guard !events.isEmpty else { return [] }
    let beginning = await serverStart()
    return events.filter { event in
      guard let beginning, let seen = ServerTime(event.lastSeen) else { return true }
      return seen.seconds >= beginning
    }.sorted { $0.lastSeen < $1.lastSeen }
  }

  /// When it started by the cluster's clock, to the second below.
  private func serverStart() async -> Int64? {
    if let beginning { return beginning }
    guard let now = try? await client.server.time() else { return nil }
    let passed = Int64((ContinuousClock.now - start) / .seconds(1)) + 1
    beginning = now.seconds - passed
    return beginning
  }
}

extension KubernetesObject {
  /// When an event was seen last, as text that sorts by time.
  fileprivate var lastSeen: String {
    json.at("series", "lastObservedTime")?.string ?? self["lastTimestamp"]?.string
      ?? self["eventTime"]?.string ?? metadata["creationTimestamp"]?.string ?? ""
  }
}
