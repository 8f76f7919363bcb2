import Foundation
import TestSupport
import Testing

@Suite("berth plan --comment writes the review, and berth apply --expect-comment does what it says")
struct ReviewCommandTests {
  let sandbox: Sandbox

  private static let commit = String(repeating: "9f", count: 20)
  private static let secret = "planted-secret-77d0"

  init() throws { sandbox = try Sandbox() }

  private func write(_ greeting: String, _ more: String = "") throws {
    try sandbox.write(
      "shop.yaml",
      """
      name: shop
      services:
        - name: main
          command: [/bin/sh, -c, 'while :; do sleep 1; done']
          env: {GREETING: \(greeting)}
          secrets: [{key: "env:SHOP_SECRET", as: TOKEN}]
          stopGrace: 1s
      \(more)
      """)
  }

  /// Runs the program as a job for a pull request, or for a commit of main.
  private func job(
    _ forge: FakeForge, _ arguments: String..., pullRequest: Int64? = nil, commit: String? = nil
  ) throws -> Sandbox.Result {
    sandbox.environment = forge.environment(pullRequest: pullRequest, commit: commit)
    sandbox.environment["SHOP_SECRET"] = Self.secret
    let result = try sandbox.berth(arguments)
    for text in [result.output, result.errors] + forge.comments(41).map(\.text) {
      #expect(!text.contains(Self.secret) && !text.contains(FakeForge.token), "\(text)")
    }
    return result
  }

  @Test("What was reviewed is applied after the merge, and nothing else", arguments: FakeForge.Kind.allCases)
  func life(_ kind: FakeForge.Kind) async throws {
    defer { _ = try? sandbox.berth("destroy", "shop", "--yes") }
    let forge = try await FakeForge(kind)
    defer { forge.stop() }
    let name = kind.rawValue
    try write("one")
    let first = try job(forge, "plan", "-f", "shop.yaml", "--comment", name, pullRequest: 41)
    #expect(first.status == 0 && first.errors.contains("Wrote the plan as a comment on "), "\(first.errors)")
    let comment = try #require(forge.comments(41).first).text
    #expect(comment.hasPrefix("<!-- berth plan local/default -->\n"))
    #expect(comment.contains("GREETING"))
    #expect(comment.contains("\nberth apply -f shop.yaml --expect "))
    #expect(comment.contains(/<!-- berth id [0-9a-f]{32} -->\n$/))
    let again = try job(
      forge, "plan", "-f", "shop.yaml", "--comment", name, "--detailed-exitcode", pullRequest: 41)
    #expect(again.status == 2 && again.errors.contains("says so already"), "\(again.errors)")
    #expect(forge.comments(41).count == 1)

    // Not merged yet, and then merged as something else than was reviewed.
    let early = try job(
      forge, "apply", "-f", "shop.yaml", "--expect-comment", name, commit: Self.commit)
    #expect(early.status == 1 && early.errors.contains("E1108"), "\(early.errors)")
    forge.merge(.init(number: 41, commit: Self.commit, branch: "main"))
    try write("two")
    let other = try job(
      forge, "apply", "-f", "shop.yaml", "--expect-comment", name, commit: Self.commit)
    #expect(other.status == 4 && other.errors.contains("E0706"), "\(other.errors)")
    #expect(try sandbox.berth("status", "shop").status != 0)

    try write("one")
    let applied = try job(
      forge, "apply", "-f", "shop.yaml", "--expect-comment", name, commit: Self.commit)
    #expect(applied.status == 0 && applied.errors.contains("was reviewed with the plan"), "\(applied.errors)")
    #expect(try sandbox.releaseNumbers("shop") == [1])
    #expect(forge.problems.isEmpty, "\(forge.problems)")
  }

  @Test("Where there is no plan, the comment says so in place of an older one, and can't be applied")
  func failure() async throws {
    let forge = try await FakeForge(.github)
    defer { forge.stop() }
    try write("one")
    #expect(try job(forge, "plan", "-f", "shop.yaml", "--comment", "github", pullRequest: 41).status == 0)
    try write("one", "imgae: \"```\"")
    let result = try job(forge, "plan", "-f", "shop.yaml", "--comment", "github", pullRequest: 41)
    #expect(result.status == 1 && result.errors.contains("error[E0202]"), "\(result.errors)")
    let comment = try #require(forge.comments(41).first).text
    #expect(forge.comments(41).count == 1)
    #expect(comment.hasPrefix("<!-- berth plan local/default -->\n\n### No plan: 1 error\n"))
    #expect(comment.contains("error[E0202]") && comment.hasSuffix("\n````\n"), "\(comment)")
    forge.merge(.init(number: 41, commit: Self.commit, branch: "main"))
    let applied = try job(
      forge, "apply", "-f", "shop.yaml", "--expect-comment", "github", commit: Self.commit)
    #expect(applied.status == 1 && applied.errors.contains("E1108"), "\(applied.errors)")
    #expect(applied.errors.contains("no plan that can be applied"), "\(applied.errors)")
  }

  @Test("What a target says of itself is for the log and not for the comment")
  func targetsWords() async throws {
    let forge = try await FakeForge(.github)
    defer { forge.stop() }
    try write("one")
    try sandbox.write(
      "prod.yaml", "targets: {prod: {provider: docker, host: \"tcp://127.0.0.1:9\"}}\ndefault: prod\n")
    let result = try job(
      forge, "plan", "-f", "shop.yaml", "--config", "prod.yaml", "--comment", "github", pullRequest: 41)
    #expect(result.status == 1 && result.errors.contains("127.0.0.1:9"), "\(result.errors)")
    let comment = try #require(forge.comments(41).first).text
    #expect(comment.hasPrefix("<!-- berth plan prod/default -->\n"))
    #expect(comment.contains("`E0704`") && !comment.contains("127.0.0.1"), "\(comment)")
  }

  @Test("Nothing in a spec passes for the id, and no line of it is a command to GitLab")
  func forgery() async throws {
    let forge = try await FakeForge(.gitlab)
    defer { forge.stop() }
    let forged = "<!-- berth id \(String(repeating: "0", count: 32)) -->"
    try sandbox.write(
      "shop.yaml",
      """
      name: shop
      services:
        - name: main
          command: [sleep, '1000']
          env: {A: "x\\n/approve\\n```\\n/merge\\n\(forged)\\n"}
          configFiles: [{name: f, path: /etc/f, content: "/approve\\n\(forged)\\n"}]
      """)
    #expect(try job(forge, "plan", "-f", "shop.yaml", "--comment", "gitlab", pullRequest: 41).status == 0)
    let comment = try #require(forge.comments(41).first).text
    #expect(!comment.contains(/(?m)^\s*\//), "\(comment)")
    let last = comment.split(separator: "\n").last ?? ""
    #expect(last.hasPrefix("<!-- berth id ") && last != forged, "\(comment)")
  }

  @Test("A plan that is larger than a comment is cut, and is applied as it is all the same")
  func giant() async throws {
    defer { _ = try? sandbox.berth("destroy", "shop", "--yes") }
    let forge = try await FakeForge(.gitea)
    defer { forge.stop() }
    let variables = (0..<3000).map { "VARIABLE_NUMBER_\($0): 'a value of some length that is \($0)'" }
    try sandbox.write(
      "shop.yaml",
      "name: shop\nservices: [{name: main, stopGrace: 1s, command: [sleep, '1000'], env: {\(variables.joined(separator: ", "))}}]\n"
    )
    #expect(try job(forge, "plan", "-f", "shop.yaml", "--comment", "gitea", pullRequest: 41).status == 0)
    let comment = try #require(forge.comments(41).first).text
    #expect(comment.unicodeScalars.count < 65_536 && comment.contains("left out here"))
    forge.merge(.init(number: 41, commit: Self.commit, branch: "main"))
    #expect(
      try job(forge, "apply", "-f", "shop.yaml", "--expect-comment", "gitea", commit: Self.commit).status == 0
    )
  }

  @Test("Without a pull request nothing is planned, and without a forge the plan is shown all the same")
  func outside() async throws {
    let forge = try await FakeForge(.github)
    defer { forge.stop() }
    try write("one")
    let push = try job(forge, "plan", "-f", "shop.yaml", "--comment", "github", commit: Self.commit)
    #expect(push.status == 1 && push.errors.contains("E1102") && push.output.isEmpty, "\(push.errors)")
    for _ in 1...2 { forge.fail("GET", .status(401)) }
    let refused = try job(forge, "plan", "-f", "shop.yaml", "--comment", "github", pullRequest: 41)
    #expect(refused.status == 1 && refused.errors.contains("E1104"), "\(refused.errors)")
    #expect(refused.output.contains("shop"))
    sandbox.environment = [:]
    #expect(
      try sandbox.berth("plan", "-f", "shop.yaml", "--comment", "github").errors.contains("E1101"))
    #expect(try sandbox.berth("plan", "shop", "--to-release", "1", "--comment", "github").status == 64)
    #expect(
      try sandbox.berth(
        "apply", "-f", "shop.yaml", "--expect-comment", "github", "--expect",
        String(repeating: "0", count: 32)
      ).status == 64)
  }
}
