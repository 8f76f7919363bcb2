import Foundation
import NIOHTTP1
import TestSupport
import Testing
import Values

@testable import Forge

/// The forge of the tests answers as the APIs are published to, and berth asks as they are published to be asked.
///
/// `Schemas` has what is used of the published descriptions, each with where it is from: GitHub's OpenAPI description
/// (github/rest-api-description), GitLab's (`doc/api` of gitlab-org/gitlab), and Gitea's Swagger description (go-gitea/gitea), to
/// which Forgejo's is the same here.
@Suite struct FakeForgeTests {
  private static func schema(_ kind: FakeForge.Kind) throws -> JSONSchemaCheck {
    let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("Schemas/\(kind.rawValue).json").path
    return JSONSchemaCheck(try Value(json: String(contentsOfFile: path, encoding: .utf8)))
  }

  @Test("Each answer is as published", arguments: FakeForge.Kind.allCases)
  func answers(_ kind: FakeForge.Kind) async throws {
    let (forge, schema) = (try await FakeForge(kind), try Self.schema(kind))
    defer { forge.stop() }
    let commit = String(repeating: "9f", count: 20)
    forge.add("talk", by: .stranger, to: 41)
    forge.add("bot", by: .app, to: 41)
    forge.merge(.init(number: 41, commit: commit, branch: "main"))
    let pipeline = try ForgePipeline(
      try #require(Forge(rawValue: kind.rawValue)), forge.environment(pullRequest: 41))
    let paths = ForgePaths(pipeline)
    let client = ForgeClient(pipeline, agent: "berth/test", options: ForgeOptions(attempts: 1))
    defer { Task { await client.shutDown() } }
    func check(_ json: JSON, _ name: String) throws {
      let problems = schema.problems(with: try Value(json: json.text), as: name)
      #expect(problems.isEmpty, "\(name): \(problems)")
    }
    try check(try await client.read(paths.user).json, "user")
    for comment in try #require(try await client.read(paths.comments(41, page: 1)).json.array) {
      try check(comment, "comment")
    }
    let body: JSON = ["body": "text"]
    try check(try await client.ask(.POST, paths.comments(41), body).json, "comment")
    let method: HTTPMethod = kind == .gitlab ? .PUT : .PATCH
    try check(try await client.ask(method, paths.comment(3, of: 41), body).json, "comment")
    let merged = try await client.read(paths.pullRequests(of: commit)).json
    for merge in merged.array ?? [merged] { try check(merge, "merged") }
    #expect(forge.comments(41).last?.text == "text")
  }

  @Test("Each request is as published", arguments: FakeForge.Kind.allCases)
  func requests(_ kind: FakeForge.Kind) async throws {
    let (forge, schema) = (try await FakeForge(kind), try Self.schema(kind))
    defer { forge.stop() }
    let pipeline = try ForgePipeline(
      try #require(Forge(rawValue: kind.rawValue)), forge.environment(pullRequest: 41))
    for text in ["<!-- m -->\n\none", "<!-- m -->\n\ntwo"] {
      try await ReviewComments.of(pipeline, agent: "berth/test") {
        _ = try await $0.write(text, marker: "<!-- m -->")
      }
    }
    var sent = 0
    for request in forge.requests where request.method != "GET" {
      let name = request.method == "POST" ? "createComment" : "changeComment"
      let problems = schema.problems(with: try Value(json: request.body), as: name)
      #expect(problems.isEmpty, "\(name): \(problems)")
      #expect(request.headers.first(name: "Content-Type") == "application/json")
      #expect(request.headers.first(name: "User-Agent") == "berth/test")
      sent += 1
    }
    #expect(sent == 2)
  }
}
