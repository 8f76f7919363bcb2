import Synchronization
import Testing

@testable import DockerAPI

@Suite struct AnswerTests {
  @Test("Refusals say why") func refusalsSayWhy() async throws {
    let (engine, docker) = try await FakeEngine.answering { line in
      if line.contains("/json-reason") {
        .send([FakeEngine.answer("409 Conflict", #"{"message":"the name is in use\n"}"#)])
      } else if line.contains("/text") {
        .send([FakeEngine.answer("500 Internal Server Error", "<html>")])
      } else {
        .send([FakeEngine.answer("404 Not Found", "")])
      }
    }
    defer { engine.stop() }
    await #expect(throws: DockerError(status: 409, "the name is in use")) {
      try await docker.volumes.inspect("json-reason")
    }
    await #expect { try await docker.volumes.inspect("text") } throws: {
      let error = $0 as? DockerError
      return error?.status == 500
        && error?.message.hasSuffix("answers 500 Internal Server Error, without saying why") == true
    }
    await #expect { try await docker.volumes.inspect("other") } throws: {
      ($0 as? DockerError)?.isNotFound == true
    }
  }

  @Test("A network is removed as soon as the engine lets") func aNetworkIsRemovedAsSoonAsTheEngineLets()
    async throws
  {
    let asked = Atomic<Int>(0)
    let (engine, docker) = try await FakeEngine.answering { line in
      let isLast = asked.add(1, ordering: .relaxed).newValue == 3
      return .send([
        line.contains("/lost") || !isLast
          ? FakeEngine.answer("403 Forbidden", #"{"message":"has active endpoints"}"#)
          : FakeEngine.answer("204 No Content", "")
      ])
    }
    defer { engine.stop() }
    try await docker.networks.remove("shop", patience: .seconds(60))
    #expect(engine.requests.count { $0.contains("/networks/shop") } == 3)
    await #expect(throws: DockerError(status: 403, "has active endpoints")) {
      try await docker.networks.remove("lost", patience: .milliseconds(150))
    }
    await #expect(throws: DockerError(status: 403, "has active endpoints")) {
      try await docker.networks.remove("lost-at-once")
    }
    #expect(engine.requests.count { $0.contains("/networks/lost-at-once") } == 1)
  }

  @Test("An answer may come in any pieces") func anAnswerMayComeInAnyPieces() async throws {
    let answer = FakeEngine.answer(
      "200 OK", #"[{"Name":"a","Driver":null,"New":{"x":[1]}},{"Name":"b","Labels":null}]"#
    )
    .replacing("[{\"Name\"", with: "{\"Volumes\":[{\"Name\"").replacing("null}]", with: "null}]}")
    .replacing(/Content-Length: \d+/, with: "Transfer-Encoding: chunked")
    let (head, body) = try #require(
      answer.firstRange(of: "\r\n\r\n").map { (answer[..<$0.upperBound], answer[$0.upperBound...]) })
    let chunks = body.map { "1\r\n\($0)\r\n" } + ["0\r\n\r\n"]
    let (engine, docker) = try await FakeEngine.answering { _ in .send([String(head)] + chunks) }
    defer { engine.stop() }
    let volumes = try await docker.volumes.list()
    #expect(volumes.map(\.name) == ["a", "b"])
    #expect(volumes.map(\.labels) == [nil, nil])
  }

  @Test("An answer that is cut off is none") func anAnswerThatIsCutOffIsNone() async throws {
    let (engine, docker) = try await FakeEngine.answering { _ in
      .sendAndClose(["HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n[{\"Name\":"])
    }
    defer { engine.stop() }
    await #expect { try await docker.volumes.list() } throws: {
      ($0 as? DockerError)?.message.contains("closed the connection before its answer was complete") == true
    }
  }

  @Test(
    "An answer that makes no sense is an error",
    arguments: [
      ("[]", "it is not an object"),
      (#"{"Volumes":[{"Driver":"local"}]}"#, "Volumes.0: there is no Name"),
      (#"{"Volumes":[{"Name":5}]}"#, "Volumes.0.Name: it is not a text"), ("{", "a key is missing"),
      ("", "it ends too early"),
    ])
  func anAnswerThatMakesNoSenseIsAnError(_ body: String, reason: String) async throws {
    let (engine, docker) = try await FakeEngine.answering { _ in .send([FakeEngine.answer("200 OK", body)]) }
    defer { engine.stop() }
    let error = await #expect(throws: DockerError.self) { try await docker.volumes.list() }
    #expect(error?.message.contains(reason) == true, "\(error?.message ?? "")")
    #expect(error?.message.contains("makes no sense") == true)
  }

  @Test("An endless answer is given up") func anEndlessAnswerIsGivenUp() async throws {
    let chunk = "80000\r\n" + String(repeating: " ", count: 0x80000) + "\r\n"
    let (engine, docker) = try await FakeEngine.answering { _ in
      .sendForever("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", chunk)
    }
    defer { engine.stop() }
    await #expect { try await docker.volumes.list() } throws: {
      ($0 as? DockerError)?.message.contains("too long") == true
    }
    await #expect { for try await _ in try await docker.system.events() {} } throws: {
      ($0 as? DockerError)?.message.contains("a line that is longer than") == true
    }
  }

  @Test("An endless refusal is given up") func anEndlessRefusalIsGivenUp() async throws {
    let chunk = "1000\r\n" + String(repeating: "x", count: 0x1000) + "\r\n"
    let (engine, docker) = try await FakeEngine.answering { _ in
      .sendForever("HTTP/1.1 500 Oh\r\nTransfer-Encoding: chunked\r\n\r\n", chunk)
    }
    defer { engine.stop() }
    await #expect { try await docker.volumes.list() } throws: { ($0 as? DockerError)?.status == 500 }
    await #expect { try await docker.system.events() } throws: { ($0 as? DockerError)?.status == 500 }
  }

  @Test("What was so already is no error") func whatWasSoAlreadyIsNoError() async throws {
    let (engine, docker) = try await FakeEngine.answering { _ in .send(["HTTP/1.1 304 Not Modified\r\n\r\n"])
    }
    defer { engine.stop() }
    #expect(try await docker.containers.start("x") == false)
  }

  @Test("What is asked is sent") func whatIsAskedIsSent() async throws {
    let (engine, docker) = try await FakeEngine.answering { _ in .send([FakeEngine.answer("200 OK", "{}")]) }
    defer { engine.stop() }
    try await docker.containers.remove("a/b?", force: true, volumes: true)
    try await docker.containers.stop("a", grace: 3)
    _ = try? await docker.containers.logs(
      "a", ContainerLogQuery(error: false, since: EngineTime(seconds: 5), tail: 7, times: true, follows: true)
    )
    #expect(
      engine.requests.dropFirst() == [
        "DELETE /v1.41/containers/a/b%3F?force=true&v=true HTTP/1.1",
        "POST /v1.41/containers/a/stop?t=3 HTTP/1.1",
        "GET /v1.41/containers/a/logs?stdout=true&since=5.000000000&tail=7&timestamps=true&follow=true HTTP/1.1",
      ])
  }

  // MARK: Progress and events

  @Test("Pulling reports layers and failures") func pullingReportsLayersAndFailures() async throws {
    let lines = [
      #"{"status":"Pulling from shop/api","id":"2.4"}"#,
      #"{"status":"Downloading","progressDetail":{"current":5,"total":9},"progress":"[=>]","id":"ab"}"#,
      #"{"status":"Extracting","progressDetail":{"current":1,"total":0},"id":"ab"}"#,
      #"{"status":"Pull complete","progressDetail":{},"id":"ab"}"#,
      #"{"errorDetail":{"message":"no space left"},"error":"no space left"}"#,
    ].map { $0 + "\r\n" }.joined()
    let (engine, docker) = try await FakeEngine.answering { _ in .send([FakeEngine.answer("200 OK", lines)]) }
    defer { engine.stop() }
    var steps: [PullProgress.Step] = []
    await #expect(throws: DockerError("no space left")) {
      for try await step in try await docker.images.pull(
        "registry:5000/shop/api:2.4", platform: "linux/arm64")
      {
        steps.append(step)
      }
    }
    #expect(steps.map(\.layer) == ["2.4", "ab", "ab", "ab"])
    #expect(steps.map(\.status) == ["Pulling from shop/api", "Downloading", "Extracting", "Pull complete"])
    #expect(steps.map(\.done) == [nil, 5, 1, nil])
    #expect(steps.map(\.total) == [nil, 9, nil, nil])
    #expect(
      engine.requests.last
        == "POST /v1.41/images/create?fromImage=registry:5000/shop/api&tag=2.4&platform=linux/arm64 HTTP/1.1")
  }

  // MARK: Connections of their own

  @Test("A connection is handed over with what came with it") func aConnectionIsHandedOverWithWhatCameWithIt()
    async throws
  {
    let frames = "\u{1}\0\0\0\0\0\0\u{3}out\u{2}\0\0\0\0\0\0\u{3}err"
    let agreement = "HTTP/1.1 101 UPGRADED\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n"
    for pieces in [
      [agreement + frames], [agreement, frames], (agreement + frames).unicodeScalars.map { String($0) },
    ] {
      let (engine, docker) = try await FakeEngine.answering { _ in .sendAndClose(pieces) }
      defer { engine.stop() }
      var texts: [String] = ["", ""]
      try await docker.execs.start("x", terminal: false) { streams in
        for try await chunk in streams.output {
          texts[chunk.stream == .output ? 0 : 1] += String(decoding: chunk.bytes, as: UTF8.self)
        }
      }
      #expect(texts == ["out", "err"])
    }
  }

  @Test(
    "A connection that is not handed over is an error",
    arguments: [
      ([FakeEngine.answer("409 Conflict", #"{"message":"it is paused"}"#)], "it is paused"),
      (
        [
          "HTTP/1.1 409 Conflict\r\nTransfer-Encoding: chunked\r\n\r\na\r\n{\"message\"\r\n",
          "11;x=y\r\n:\"it is stopped\"}\r\n0\r\n\r\n",
        ],
        "it is stopped"
      ),
      (["HTTP/1.1 409 Conflict\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\n"], "no HTTP"),
      (["HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"], "answers 200"),
      (["garbage\r\n\r\n"], "no HTTP"), ([], "closed the connection"),
      (["HTTP/1.1 101 UPGR"], "closed the connection"),
      (["HTTP/1.1 xxx\r\n\r\n"], "no HTTP"),
      (["HTTP/1.1 101 " + String(repeating: "x", count: 20_000)], "no HTTP"),
      (
        ["HTTP/1.1 500 Oh\r\nContent-Length: 900000\r\n\r\n" + String(repeating: "x", count: 80_000)],
        "answers 500"
      ),
    ])
  func aConnectionThatIsNotHandedOverIsAnError(_ answer: [String], reason: String) async throws {
    let (engine, docker) = try await FakeEngine.answering { _ in .sendAndClose(answer) }
    defer { engine.stop() }
    let error = await #expect(throws: DockerError.self) {
      try await docker.execs.start("x", terminal: false) { _ in Issue.record("it was handed over") }
    }
    #expect(error?.message.contains(reason) == true, "\(error?.message ?? "")")
  }

  @Test("Errors of the body are its own") func errorsOfTheBodyAreItsOwn() async throws {
    struct Own: Error {}
    let (engine, docker) = try await FakeEngine.answering { _ in
      .send(["HTTP/1.1 101 UPGRADED\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n"])
    }
    defer { engine.stop() }
    await #expect(throws: Own.self) {
      try await docker.execs.start("x", terminal: false) { _ in throw Own() }
    }
  }
}
