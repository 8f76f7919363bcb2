import AWSTestSupport
import Synchronization
import Testing
import Values
import Wire

@testable import AWSAPI

/// How services are asked, and asked again.
@Suite struct ClientTests {
  private static let key = AWSCredentials(
    accessKey: "AKIA1", secretKey: "planted-secret", sessionToken: "planted-token", source: "a test")

  private struct Source: CredentialSource {
    let give: @Sendable () -> AWSCredentials
    func credentials() async throws -> AWSCredentials? { give() }
  }

  private func client(
    _ server: LoopbackServer, now: @escaping @Sendable () -> Int64 = { 1_800_000_000 },
    give: @escaping @Sendable () -> AWSCredentials = { key }
  ) throws -> AWSClient {
    var policy = RetryPolicy()
    policy.sleep = { _ in }
    return AWSClient(
      "s3", at: try AWSRegion.address(server.address, "the endpoint"), region: "eu-central-1",
      credentials: CredentialSupply([Source(give: give)], now: now), door: try WebDoor(environment: [:]),
      policy: policy,
      now: now)
  }

  private func counted(_ replies: [LoopbackServer.Reply]) async throws -> LoopbackServer {
    let left = Mutex(replies)
    return try await LoopbackServer.start { _ in left.withLock { $0.count > 1 ? $0.removeFirst() : $0[0] } }
  }

  @Test("What passes is asked again, and what does not is not") func whatPassesIsAskedAgain() async throws {
    for (replies, questions) in [
      ([.init(503, "<Error><Code>SlowDown</Code></Error>"), .init(500), .lost, .init(200, "there")], 4),
      ([.init(400, "<Error><Code>InvalidArgument</Code></Error>")], 1), ([.init(404)], 1),
    ] as [([LoopbackServer.Reply], Int)] {
      let server = try await counted(replies)
      let client = try client(server)
      let answer = try? await client.call(AWSRequest(.GET, "/a b"))
      #expect((answer != nil) == (questions == 4) && server.questions.count == questions)
      #expect(server.questions.first?.target == "/a%20b")
      await server.stop()
    }
  }

  @Test("What may have been done is not done twice") func whatMayHaveBeenDoneIsNotDoneTwice() async throws {
    for reply in [LoopbackServer.Reply.lost, .init(500)] {
      let server = try await counted([reply, .init(200)])
      let error = await #expect(throws: AWSError.self) {
        try await client(server).call(AWSRequest(.PUT, "/a", body: [1]))
      }
      #expect(error?.mayHaveBeenDone == true && server.questions.count == 1)
      await server.stop()
    }
    // Nothing was done where the service says that it is asked too much.
    let server = try await counted([.init(503, "<Error><Code>SlowDown</Code></Error>"), .init(200)])
    _ = try await client(server).call(AWSRequest(.PUT, "/a", body: [1]))
    #expect(server.questions.count == 2)
    await server.stop()
  }

  @Test("A service that is down is not asked without end") func aServiceThatIsDown() async throws {
    let server = try await counted([.init(500)])
    let client = try client(server)
    for _ in 0..<40 { _ = try? await client.call(AWSRequest(.GET, "/")) }
    // 40 requests, and the 100 repetitions that the budget has.
    #expect(server.questions.count == 140)
    await server.stop()
  }

  @Test("Credentials that are over are renewed, once") func credentialsThatAreOver() async throws {
    let expired = "<Error><Code>ExpiredToken</Code><Message>The provided token has expired.</Message></Error>"
    let server = try await LoopbackServer.start { question in
      question.headers["Authorization"].first?.contains("Credential=NEW/") == true
        ? .init(200) : .init(400, expired)
    }
    let given = Mutex(0)
    let client = try client(
      server,
      give: {
        let count = given.withLock { count -> Int in
          count += 1
          return count
        }
        return AWSCredentials(accessKey: count == 1 ? "OLD" : "NEW", secretKey: "s", source: "a test")
      })
    _ = try await client.call(AWSRequest(.PUT, "/a", body: [1]))
    #expect(server.questions.count == 2)
    // Where they stay the same, the refusal stands.
    let error = await #expect(throws: AWSError.self) {
      try await self.client(server).call(AWSRequest(.GET, "/"))
    }
    #expect(error?.isExpired == true && error?.help?.contains("over") == true)
    await server.stop()
  }

  @Test("Another clock is taken over") func anotherClock() async throws {
    let server = try await LoopbackServer.start { question in
      question.headers["X-Amz-Date"].first?.hasPrefix("20270115T09") == true
        ? .init(200)
        : .init(
          403, "<Error><Code>RequestTimeTooSkewed</Code></Error>",
          headers: [("Date", "Fri, 15 Jan 2027 09:00:00 GMT")])
    }
    let client = try client(server)
    _ = try await client.call(AWSRequest(.GET, "/"))
    _ = try await client.call(AWSRequest(.GET, "/"))
    #expect(server.questions.count == 3)
    await server.stop()
  }

  @Test(
    "A refusal is told by its code, in XML and in JSON",
    arguments: [
      (
        404,
        "<?xml version=\"1.0\"?>\n<Error><Code>NoSuchBucket</Code><Message>gone</Message><BucketName>b</BucketName></Error>",
        "NoSuchBucket"
      ),
      (
        403,
        "<ErrorResponse><Error><Type>Sender</Type><Code>AccessDenied</Code><Message>no</Message></Error><RequestId>1</RequestId></ErrorResponse>",
        "AccessDenied"
      ),
      (
        400,
        "<Response><Errors><Error><Code>InvalidAMIID.NotFound</Code><Message>no</Message></Error></Errors></Response>",
        "InvalidAMIID.NotFound"
      ),
      (
        400, "{\"__type\": \"com.amazonaws.sso#UnauthorizedException\", \"message\": \"no\"}",
        "UnauthorizedException"
      ),
    ]) func aRefusalIsToldByItsCode(status: Int, body: String, code: String) async throws
  {
    let server = try await counted([.init(status, body)])
    let error = await #expect(throws: AWSError.self) { try await client(server).call(AWSRequest(.GET, "/")) }
    #expect(error?.code == code && error?.status == status && error?.message.contains(code) == true)
    #expect("\(String(reflecting: error))".contains("planted") == false)
    await server.stop()
  }

  @Test("What is no refusal of the service's is told by its status") func whatIsNoRefusalOfTheServices()
    async throws
  {
    for body in ["", "<html><body>Bad Gateway</body></html>", "<Error", "{", "\u{0}"] {
      let server = try await counted([.init(418, body)])
      let error = await #expect(throws: AWSError.self) {
        try await client(server).call(AWSRequest(.GET, "/"))
      }
      #expect(error?.message.hasSuffix("answers 418, without saying why") == true, "\(error?.message ?? "")")
      await server.stop()
    }
  }

  @Test("Pages are read to the end, and a circle of them is told") func pages() async throws {
    let server = try await counted([.init(200)])
    let client = try client(server)
    let all = try await client.pages { mark in
      let number = mark.flatMap { Int($0) } ?? 0
      return ([number], number < 4 ? "\(number + 1)" : nil)
    }
    #expect(all == [0, 1, 2, 3, 4])
    await #expect(throws: AWSError.self) { try await client.pages { _ in ([1], "same") } }
    await server.stop()
  }
}
