import Synchronization

/// Delivers events to a webhook in their order, beside the run that they tell of, which never waits for it.
package final class WebhookSender: Sendable {
  /// What came of the deliveries.
  package struct Report: Sendable, Equatable {
    /// How many events there were.
    package var events = 0
    /// How many of them the receiver took.
    package var delivered = 0
    /// Why the last one that was not taken was not, in words.
    package var reason: String?

    /// How many the receiver did not take, or not yet.
    package var undelivered: Int { events - delivered }
  }

  private let queue: AsyncStream<Delivery>.Continuation
  private let worker: Task<Void, Never>
  private let state: SharedReport
  private let patience: Duration
  private let makeID: @Sendable () -> String

  /// A sender that has nothing to send yet: nothing is opened before the first event.
  ///
  /// - Parameters:
  ///   - url: where events are posted, http or https.
  ///   - secret: what they are signed with.
  ///   - agent: what the sender calls itself: `berth/1.0.0`.
  ///   - now: what time it is, in seconds since 1970.
  ///   - makeID: makes a text that no other delivery has.
  package init(
    url: String, secret: [UInt8], agent: String, options: WebhookOptions = WebhookOptions(),
    now: @escaping @Sendable () -> Int64, makeID: @escaping @Sendable () -> String
  ) {
    let (deliveries, queue) = AsyncStream<Delivery>.makeStream(
      bufferingPolicy: .bufferingOldest(options.capacity))
    let state = SharedReport()
    self.queue = queue
    self.state = state
    self.makeID = makeID
    patience = options.patience
    worker = Task {
      var client: WebhookClient?
      for await delivery in deliveries {
        // A stream that is cancelled still hands out what waits in it.
        if Task.isCancelled { break }
        let opened =
          client ?? WebhookClient(url: url, secret: secret, timeout: options.timeout, agent: agent)
        client = opened
        await state.note(Self.deliver(delivery, by: opened, options, now))
      }
      await client?.shutDown()
    }
  }

  /// Hands an event over, and returns at once.
  ///
  /// - Parameters:
  ///   - event: its name.
  ///   - json: the event, as one line of JSON.
  package func send(_ event: String, _ json: String) {
    state.count()
    let delivery = Delivery(id: makeID(), event: event, body: EventBody.bounded(json))
    if case .dropped = queue.yield(delivery) { state.note(.failed("too many events waited")) }
  }

  /// Waits for what is not delivered yet, and gives up when that takes too long. Nothing can be sent any more.
  package func finish() async -> Report {
    queue.finish()
    let clock = Task { [worker, patience] in
      try await Task.sleep(for: patience)
      worker.cancel()
    }
    await worker.value
    clock.cancel()
    return state.report
  }

  private enum End {
    case delivered
    case failed(String)
  }

  private static func deliver(
    _ delivery: Delivery, by client: WebhookClient, _ options: WebhookOptions, _ now: @Sendable () -> Int64
  ) async -> End {
    var attempt = 1
    while true {
      do throws(DeliveryFailure) {
        try await client.post(delivery, seconds: now())
        return .delivered
      } catch {
        guard !Task.isCancelled, let delay = options.delay(after: attempt, of: error),
          (try? await Task.sleep(for: delay)) != nil
        else { return .failed(error.reason) }
        attempt += 1
      }
    }
  }

  /// The report, as it grows.
  private final class SharedReport: Sendable {
    private let state = Mutex(Report())

    var report: Report { state.withLock { $0 } }

    func count() { state.withLock { $0.events += 1 } }

    func note(_ end: End) {
      state.withLock { report in
        switch end {
        case .delivered: report.delivered += 1
        case .failed(let reason): report.reason = reason
        }
      }
    }
  }
}
