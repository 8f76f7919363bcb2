import Values

/// What an agent asks of its cluster.
extension FakeNomad {

  /// What goes wrong with a request, and what is answered to it.
  func answer(
    _ method: String, _ target: String, _ headers: [String: String], _ body: [UInt8]
  ) -> (request: FakeRequest, fault: FakeFault?, answer: FakeAnswer) {
    use { inner in
      let request = FakeRequest(
        method: method, target: target, headers: headers, body: body, number: inner.requests.count)
      inner.requests.append(request)
      var fault: FakeFault?
      if let place = inner.faults.firstIndex(where: { $0.times > 0 && $0.wants(request) }) {
        inner.faults[place].times -= 1
        fault = inner.faults[place].fault
      }
      switch fault {
      case .dropRequest?, .refuse?: return (request, fault, .empty(500))
      default: return (request, fault, Self.route(request, &inner))
      }
    }
  }

  /// What is answered to a request that was held back; `nil` if there is still no news.
  func news(_ request: FakeRequest, isLate: Bool) -> FakeAnswer? {
    use { inner in
      let answer = Self.route(request, &inner)
      if case .blocking = answer {
        guard isLate else { return nil }
        // When the time is over, what is there is told.
        let plain = FakeRequest(
          method: request.method, target: request.target.replacing("index=", with: "was="),
          headers: request.headers,
          body: request.body, number: request.number)
        return Self.route(plain, &inner)
      }
      return answer
    }
  }

  private static func route(_ request: FakeRequest, _ inner: inout Inner) -> FakeAnswer {
    let rights = inner.state.access.rights(request.headers["x-nomad-token"])
    var router = Router(state: inner.state, request: request, rights: rights, exec: inner.exec)
    let answer = router.answer()
    inner.state = router.state
    if case .json(let json, _, _, _, let shape?) = answer {
      let found = ShapeCheck.breaches(json, as: shape, minor: inner.state.version.minor)
      inner.breaches += found.map { "\(request.method) \(request.path)\($0)" }
    }
    // What a request sets off is done before its answer is seen, as far as it takes no time.
    inner.state.advance(to: inner.state.now)
    return answer
  }

  /// What of a log can be sent; `nil` when it is over.
  func next(_ feed: inout LogFeed) -> [UInt8]? {
    var copy = feed
    let out: [UInt8]? = use { inner in
      guard let allocation = inner.state.allocations[copy.allocation] else { return nil }
      return copy.next(allocation.logs["\(copy.task).\(copy.stream)"] ?? FakeLog(), now: inner.state.now)
    }
    feed = copy
    return out
  }

  func next(_ feed: inout EventFeed) -> [UInt8] {
    var copy = feed
    let out: [UInt8] = use { copy.next($0.state.events, now: $0.state.now) }
    feed = copy
    return out
  }
}
