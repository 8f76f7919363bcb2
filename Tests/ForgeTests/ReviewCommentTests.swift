import Diagnostics
import Synchronization
import TestSupport
import Testing

@testable import Forge

@Suite("One comment on a pull request, whatever happens on the way")
struct ReviewCommentTests {
  static let marker = "<!-- berth plan prod/shop -->"
  static let first = "\(marker)\n\nfirst"
  static let second = "\(marker)\n\nsecond"

  /// How long was waited.
  private final class Pauses: Sendable {
    let all = Mutex<[Duration]>([])
  }

  private func pipeline(_ forge: FakeForge, _ variables: [String: String] = [:]) throws -> ForgePipeline {
    try ForgePipeline(
      try #require(Forge(rawValue: forge.kind.rawValue)),
      forge.environment(pullRequest: 41).merging(variables) { $1 })
  }

  private func write(
    _ text: String, on forge: FakeForge, attempts: Int = 3, pauses: ((Duration) -> Void)? = nil
  ) async throws -> ReviewComments.Outcome {
    let waited = Pauses()
    let options = ForgeOptions(attempts: attempts) { pause in waited.all.withLock { $0.append(pause) } }
    let outcome = try await ReviewComments.of(try pipeline(forge), agent: "berth/test", options: options) {
      try await $0.write(text, marker: Self.marker).outcome
    }
    for pause in waited.all.withLock({ $0 }) { pauses?(pause) }
    return outcome
  }

  private func failure(_ text: String, on forge: FakeForge) async throws -> Diagnostic {
    do {
      _ = try await write(text, on: forge)
    } catch let error as DiagnosticError {
      return try #require(error.diagnostics.first)
    }
    throw Unexpected()
  }

  private struct Unexpected: Error {}

  // MARK: Writing

  @Test(
    "The first run writes it, the next ones change it, and one that says the same leaves it",
    arguments: FakeForge.Kind.allCases)
  func life(_ kind: FakeForge.Kind) async throws {
    let forge = try await FakeForge(kind)
    defer { forge.stop() }
    #expect(try await write(Self.first, on: forge) == .created)
    #expect(try await write(Self.first + "\n", on: forge) == .unchanged)
    #expect(try await write(Self.second, on: forge) == .updated)
    #expect(forge.comments(41).map(\.text) == [Self.second])
    #expect(forge.problems.isEmpty, "\(forge.problems)")
  }

  @Test(
    "It is found on a later page, and no address of an answer is asked",
    arguments: [FakeForge.Kind.github, .gitlab])
  func pages(_ kind: FakeForge.Kind) async throws {
    let forge = try await FakeForge(kind)
    defer { forge.stop() }
    forge.setPageSize(2)
    for number in 1...5 { forge.add("talk \(number)", by: .stranger, to: 41) }
    #expect(try await write(Self.first, on: forge) == .created)
    #expect(try await write(Self.second, on: forge) == .updated)
    #expect(forge.comments(41).count == 6)
    #expect(forge.comments(41).last?.text == Self.second)
  }

  @Test("Another one's comment is left alone, whatever it begins with", arguments: FakeForge.Kind.allCases)
  func others(_ kind: FakeForge.Kind) async throws {
    let forge = try await FakeForge(kind)
    defer { forge.stop() }
    forge.add(Self.first, by: .stranger, to: 41)
    forge.add("look: \(Self.marker)", by: .own, to: 41)
    #expect(try await write(Self.second, on: forge) == .created)
    #expect(forge.comments(41).map(\.text) == [Self.first, "look: \(Self.marker)", Self.second])
  }

  @Test("Where a token of GitHub does not say whose it is, comments of bots are its own")
  func app() async throws {
    let forge = try await FakeForge(.github)
    defer { forge.stop() }
    forge.becomeApp()
    forge.add(Self.first, by: .stranger, to: 41)
    #expect(try await write(Self.first, on: forge) == .created)
    #expect(try await write(Self.second, on: forge) == .updated)
    #expect(forge.comments(41).map(\.text) == [Self.first, Self.second])
  }

  @Test("A comment for another target is another comment")
  func targets() async throws {
    let forge = try await FakeForge(.github)
    defer { forge.stop() }
    forge.add("<!-- berth plan prod/shop-2 -->\n\nx", by: .own, to: 41)
    #expect(try await write(Self.first, on: forge) == .created)
  }

  // MARK: What goes wrong on the way

  @Test("Where the answer is lost, no second comment is written", arguments: FakeForge.Kind.allCases)
  func lostAnswer(_ kind: FakeForge.Kind) async throws {
    let forge = try await FakeForge(kind)
    defer { forge.stop() }
    forge.fail("POST", .lostAnswer)
    #expect(try await write(Self.first, on: forge) == .unchanged)
    #expect(forge.comments(41).count == 1)
    forge.fail(kind == .gitlab ? "PUT" : "PATCH", .lostAnswer)
    #expect(try await write(Self.second, on: forge) == .unchanged)
    #expect(forge.comments(41).map(\.text) == [Self.second])
  }

  @Test("What may pass is tried again, and longer each time", arguments: FakeForge.Kind.allCases)
  func passing(_ kind: FakeForge.Kind) async throws {
    let forge = try await FakeForge(kind)
    defer { forge.stop() }
    forge.fail("GET", .status(502))
    forge.fail("GET", .hangUp)
    forge.fail("POST", .status(500))
    var pauses: [Duration] = []
    #expect(try await write(Self.first, on: forge) { pauses.append($0) } == .created)
    #expect(pauses == [.seconds(1), .seconds(2), .seconds(1)])
    #expect(forge.comments(41).count == 1)
  }

  @Test("A forge that asks for a pause is given it")
  func retryAfter() async throws {
    let forge = try await FakeForge(.gitlab)
    defer { forge.stop() }
    forge.fail("POST", .status(429, headers: [("Retry-After", "20")]))
    var pauses: [Duration] = []
    #expect(try await write(Self.first, on: forge) { pauses.append($0) } == .created)
    #expect(pauses == [.seconds(20)])
  }

  @Test("A comment that is deleted in between is written anew")
  func deleted() async throws {
    let forge = try await FakeForge(.github)
    defer { forge.stop() }
    forge.add(Self.first, by: .own, to: 41)
    forge.fail("PATCH", .status(404, message: "Not Found"))
    let id = try #require(forge.comments(41).first?.id)
    let options = ForgeOptions { _ in forge.remove(id, of: 41) }
    let outcome = try await ReviewComments.of(try pipeline(forge), agent: "berth/test", options: options) {
      try await $0.write(Self.second, marker: Self.marker).outcome
    }
    #expect(outcome == .created)
    #expect(forge.comments(41).map(\.text) == [Self.second])
  }

  // MARK: What is refused

  struct Refusal: Sendable {
    let status: Int
    var headers: [String: String] = [:]
    let code: DiagnosticCode
    let words: String
  }

  static let refusals = [
    Refusal(status: 401, code: .forgeRefuses, words: "does not know the token of GITHUB_TOKEN"),
    Refusal(status: 403, code: .forgeRefuses, words: "refuses the comments of #41 in ada/shop to the token"),
    Refusal(status: 404, code: .forgeUnknown, words: "does not find the comments of #41 in ada/shop"),
    Refusal(
      status: 403, headers: ["X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "1796000000"],
      code: .forgeLimit, words: "until 2026-11-30T00:53:20Z"),
    Refusal(status: 403, headers: ["Retry-After": "3600"], code: .forgeLimit, words: "for 3600 seconds"),
    Refusal(
      status: 429, headers: ["Retry-After": "99999999999"], code: .forgeLimit, words: "for 86400 seconds"),
    Refusal(
      status: 301, headers: ["Location": "http://elsewhere.invalid/"], code: .forgeUnusable,
      words: "has moved"),
    Refusal(status: 422, code: .forgeUnusable, words: "it refuses (422)"),
  ]

  @Test("Each refusal has its code, and says what it is about", arguments: refusals)
  func refused(_ refusal: Refusal) async throws {
    let forge = try await FakeForge(.github)
    defer { forge.stop() }
    forge.fail("POST", .status(refusal.status, headers: refusal.headers.map { ($0.key, $0.value) }))
    let diagnostic = try await failure(Self.first, on: forge)
    #expect(diagnostic.code == refusal.code, "\(diagnostic)")
    #expect(diagnostic.message.contains(refusal.words), "\(diagnostic.message)")
    #expect(diagnostic.help?.isEmpty == false)
    #expect(!"\(diagnostic)".contains(FakeForge.token))
    #expect(forge.comments(41).isEmpty)
  }

  @Test("A page for browsers is no answer")
  func page() async throws {
    let forge = try await FakeForge(.gitea)
    defer { forge.stop() }
    for _ in 1...3 { forge.fail("GET", .page) }
    let diagnostic = try await failure(Self.first, on: forge)
    #expect(diagnostic.code == .forgeUnusable && diagnostic.message.contains("its answer is no JSON"))
  }

  @Test("A forge that is not there is named")
  func unreachable() async throws {
    let forge = try await FakeForge(.gitea)
    let pipeline = try pipeline(forge, ["GITHUB_API_URL": "http://127.0.0.1:1/api/v1"])
    forge.stop()
    let options = ForgeOptions(attempts: 2) { _ in }
    await #expect {
      try await ReviewComments.of(pipeline, agent: "berth/test", options: options) {
        _ = try await $0.write(Self.first, marker: Self.marker)
      }
    } throws: { error in
      let diagnostic = (error as? DiagnosticError)?.diagnostics.first
      return diagnostic?.code == .forgeUnusable
        && diagnostic?.message.contains("it refused the connection") == true
        && diagnostic?.help?.contains("http://127.0.0.1:1/api/v1") == true
    }
  }

  // MARK: Quick actions

  @Test("No line of a comment is a command to GitLab")
  func quickActions() async throws {
    let forge = try await FakeForge(.gitlab)
    defer { forge.stop() }
    _ = try await write("\(Self.marker)\n/approve\n  /merge\na / b\n", on: forge)
    #expect(forge.comments(41).map(\.text) == ["\(Self.marker)\n&#47;approve\n  &#47;merge\na / b\n"])
    #expect(try await write("\(Self.marker)\n/approve\n  /merge\na / b\n", on: forge) == .unchanged)
  }

  // MARK: After the merge

  private static let commit = String(repeating: "9f", count: 20)

  private func merged(_ forge: FakeForge) async throws -> (text: String?, pullRequest: String) {
    let pipeline = try ForgePipeline(
      try #require(Forge(rawValue: forge.kind.rawValue)), forge.environment(commit: Self.commit))
    return try await ReviewComments.of(pipeline, agent: "berth/test", options: ForgeOptions { _ in }) {
      try await $0.merged(Self.marker)
    }
  }

  @Test(
    "The comment is that of the pull request whose merge made the commit", arguments: FakeForge.Kind.allCases)
  func afterMerge(_ kind: FakeForge.Kind) async throws {
    let forge = try await FakeForge(kind)
    defer { forge.stop() }
    forge.add(Self.first, by: .stranger, to: 41)
    forge.add(Self.second, by: .own, to: 41)
    forge.merge(.init(number: 41, commit: Self.commit, branch: "main"))
    let (text, reference) = try await merged(forge)
    #expect(text == Self.second)
    #expect(reference == (kind == .gitlab ? "!41" : "#41"))
    #expect(forge.problems.isEmpty, "\(forge.problems)")
  }

  @Test(
    "A commit that no merge into the branch made has no review",
    arguments: FakeForge.Kind.allCases)
  func withoutMerge(_ kind: FakeForge.Kind) async throws {
    let forge = try await FakeForge(kind)
    defer { forge.stop() }
    forge.add(Self.first, by: .own, to: 41)
    forge.merge(.init(number: 41, commit: Self.commit, branch: "elsewhere"))
    await #expect {
      _ = try await merged(forge)
    } throws: { ($0 as? DiagnosticError)?.diagnostics.first?.code == .notReviewed }
  }

  @Test("A comment of a stranger is no review")
  func strangersReview() async throws {
    let forge = try await FakeForge(.github)
    defer { forge.stop() }
    forge.add(Self.first, by: .stranger, to: 41)
    forge.merge(.init(number: 41, commit: Self.commit, branch: "main"))
    #expect(try await merged(forge).text == nil)
  }
}
