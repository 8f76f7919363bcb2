import Testing
import Values
import Wire

@testable import KubernetesAPI

@Suite struct WatchTests {
  private static func line(_ type: String, _ name: String, _ version: String) -> JSON {
    [
      "type": .string(type),
      "object": ["metadata": ["name": .string(name), "resourceVersion": .string(version)]],
    ]
  }

  private static func list(_ names: [String], _ version: String) -> FakeServer.Reply {
    .json(
      200,
      [
        "kind": "PodList", "apiVersion": "v1", "metadata": ["resourceVersion": .string(version)],
        "items": .array(names.map { ["metadata": ["name": .string($0)]] }),
      ])
  }

  private static func failure(_ code: Int, _ reason: String) -> JSON {
    ["type": "ERROR", "object": FakeServer.status(code, reason, "it can't go on")]
  }

  /// What a watch tells, as texts, until it told so much, and from where it went on.
  private func events(
    _ count: Int, from moment: String? = nil, policy: RetryPolicy = .impatient,
    _ reply: @escaping @Sendable (Int, FakeServer.Request) -> FakeServer.Reply
  ) async throws -> (events: [String], asked: [String]) {
    let watches = Counter()
    let (server, cluster) = try await FakeServer.answering(policy: policy) { request in
      request["watch"] == "true" ? reply(watches.next(), request) : reply(-1, request)
    }
    defer { server.stop() }
    var events: [String] = []
    for try await event in cluster.objects(.pods).watch(
      in: "shop", Selection(labels: "app=shop"), from: moment)
    {
      switch event {
      case .listed(let list): events.append("listed \(list.items.map(\.name).joined(separator: ","))")
      case .added(let object): events.append("added \(object.name)")
      case .modified(let object): events.append("modified \(object.name)")
      case .deleted(let object): events.append("deleted \(object.name)")
      }
      if events.count == count { break }
    }
    #expect(server.questions.allSatisfy { $0["labelSelector"] == "app=shop" })
    return (events, server.questions.map { $0["watch"] == nil ? "list" : $0["resourceVersion"] ?? "" })
  }

  @Test("A watch begins with a list and goes on where it ended")
  func aWatchBeginsWithAListAndGoesOnWhereItEnded() async throws {
    let result = try await events(5) { watch, _ in
      switch watch {
      case -1: Self.list(["a"], "10")
      case 0: .lines([Self.line("ADDED", "b", "11"), Self.line("BOOKMARK", "", "15")])
      // Nothing happened for as long as it lasted.
      case 1: .lines([])
      case 2:
        .lines([Self.line("MODIFIED", "b", "16")], cutOff: #"{"type":"DELETED","object":{"metadata":{"na"#)
      default: .lines([Self.line("DELETED", "b", "17"), Self.line("ADDED", "c", "18")])
      }
    }
    #expect(result.events == ["listed a", "added b", "modified b", "deleted b", "added c"])
    #expect(result.asked == ["list", "10", "15", "15", "16"])
  }

  @Test("A moment that is forgotten is listed again") func aMomentThatIsForgottenIsListedAgain() async throws
  {
    let result = try await events(3, from: "3") { watch, _ in
      switch watch {
      case -1: Self.list(["a", "b"], "20")
      case 0: .status(410, "Expired", "too old resource version")
      case 1: .lines([Self.line("ADDED", "c", "21"), Self.failure(410, "Expired")])
      default: .drop
      }
    }
    #expect(result.events == ["listed a,b", "added c", "listed a,b"])
    #expect(result.asked == ["3", "list", "20", "list"])
  }

  @Test("Garbage is no event") func garbageIsNoEvent() async throws {
    let result = try await events(2, from: "3") { watch, _ in
      switch watch {
      case 0:
        .sendAndClose([
          "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n",
          Self.line("ADDED", "a", "4").text + "\n<html>\n" + Self.line("ADDED", "x", "5").text + "\n",
        ])
      case 1: .sendAndClose(["HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n\u{0}\u{1}\n"])
      case 2: .sendForever("HTTP/1.1 200 OK\r\n\r\n", String(repeating: "x", count: 1 << 16))
      case 3: .lines([["type": "WHAT", "object": [:]]])
      default: .lines([Self.line("ADDED", "b", "5")])
      }
    }
    #expect(result.events == ["added a", "added b"])
    #expect(result.asked == ["3", "4", "4", "4", "4"])
  }

  @Test("Garbage without end is an error") func garbageWithoutEndIsAnError() async throws {
    let error = await #expect(throws: KubernetesError.self) {
      try await events(1, from: "3") { _, _ in .lines([["type": "WHAT"]]) }
    }
    #expect(error?.message == "the server's watch of pods makes no sense")
  }

  @Test("A server that breaks down is asked again") func aServerThatBreaksDownIsAskedAgain() async throws {
    let pauses = Pauses()
    let result = try await events(2, from: "3", policy: .recording(pauses)) { watch, _ in
      switch watch {
      case 0: .lines([Self.failure(500, "InternalError")])
      case 1: .drop
      case 2: .status(429, "TooManyRequests", headers: ["Retry-After: 1"])
      case 3: .sendAndClose(["HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{\"typ"])
      case 4: .lines([Self.line("ADDED", "a", "4")])
      default: .lines([Self.line("ADDED", "b", "5")])
      }
    }
    #expect(result.events == ["added a", "added b"])
    #expect(pauses.all == [.milliseconds(250), .seconds(1.25), .milliseconds(250)])
  }

  @Test("A refusal ends a watch", arguments: [403, 404, 400])
  func aRefusalEndsAWatch(_ status: Int) async throws {
    for isLine in [true, false] {
      let error = await #expect(throws: KubernetesError.self) {
        try await events(1, from: "3") { _, _ in
          isLine ? .lines([Self.failure(status, "No")]) : .status(status, "No")
        }
      }
      #expect(error?.status == status)
    }
  }

  @Test("Who lists and is always too late is told so") func whoListsAndIsAlwaysTooLateIsToldSo() async throws
  {
    let error = await #expect(throws: KubernetesError.self) {
      try await events(100) { watch, _ in watch == -1 ? Self.list([], "1") : .status(410, "Expired") }
    }
    #expect(error?.isExpired == true)
  }

  @Test("A silent watch is taken for dead") func aSilentWatchIsTakenForDead() async throws {
    let watches = Counter()
    let server = try await FakeServer.start { request in
      if request.path == "/version" { return .json(200, FakeServer.version) }
      if watches.next() == 0 { return .send(["HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"]) }
      return .lines([Self.line("ADDED", "a", "4")])
    }
    defer { server.stop() }
    let cluster = try await KubernetesClient.connect(
      to: server.access(), programs: .refused(because: "test"), policy: .impatient,
      silence: .seconds(2))
    for try await event in cluster.objects(.pods).watch(in: "shop", from: "3") {
      guard case .added(let pod) = event else { continue }
      #expect(pod.name == "a")
      break
    }
    #expect(watches.value >= 2)
  }

  @Test("A watch that is cancelled ends") func aWatchThatIsCancelledEnds() async throws {
    let (server, cluster) = try await FakeServer.answering { _ in
      .send(["HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"])
    }
    defer { server.stop() }
    let task = Task { for try await _ in cluster.objects(.pods).watch(in: "shop", from: "3") {} }
    while server.questions.isEmpty { await Task.yield() }
    task.cancel()
    await #expect(throws: CancellationError.self) { try await task.value }
  }
}
