import NomadFake
import Testing
import Values

@testable import NomadAPI

@Suite struct VariableTests {
  @Test("A variable is written, read, listed and deleted") func itsLife() async throws {
    let scene = try await Scene()
    defer { scene.stop() }
    let variables = scene.client.variables
    #expect(try await variables.areAvailable())
    #expect(try await variables.read("berth/shop/head").value == nil)
    let made = try await variables.write("berth/shop/head", ["a": "1", "b": "ü\n\"x\""], check: .absent)
    #expect(made.items == ["a": "1", "b": "ü\n\"x\""] && made.createIndex == made.modifyIndex)
    let read = try #require(try await variables.read("berth/shop/head").value)
    #expect(read == made && read.modifyTime != nil)
    let changed = try await variables.write(
      "berth/shop/head", ["a": "2"], check: .unchanged(since: made.modifyIndex))
    #expect(changed.modifyIndex > made.modifyIndex && changed.createIndex == made.createIndex)
    _ = try await variables.write("other", ["x": "1"], check: .none)
    #expect(try await variables.list(prefix: "berth/").value.map(\.path) == ["berth/shop/head"])
    #expect(try await variables.list().value.map(\.path) == ["berth/shop/head", "other"])
    try await variables.delete("berth/shop/head", check: .unchanged(since: changed.modifyIndex))
    try await variables.delete("berth/shop/head", check: .none)
    #expect(try await variables.list().value.map(\.path) == ["other"])
    #expect(scene.cluster.breaches.isEmpty, "\(scene.cluster.breaches)")
  }

  @Test("A variable that is another one by now is not overwritten") func conflicts() async throws {
    let scene = try await Scene()
    defer { scene.stop() }
    let variables = scene.client.variables
    let made = try await variables.write("a", ["by": "them"], check: .absent)
    let first = await #expect(throws: NomadError.self) {
      try await variables.write("a", ["by": "us"], check: .absent)
    }
    #expect(first?.isConflict == true && first?.conflictingIndex == made.modifyIndex && first?.status == 409)
    for check in [VariableCheck.unchanged(since: made.modifyIndex + 1), .absent] {
      let error = await #expect(throws: NomadError.self) { try await variables.delete("a", check: check) }
      #expect(error?.isConflict == true)
    }
    let gone = await #expect(throws: NomadError.self) {
      try await variables.write("b", ["by": "us"], check: .unchanged(since: 5))
    }
    #expect(gone?.isConflict == true)
  }

  @Test("Lost answers are settled by what is there") func lostAnswers() async throws {
    let scene = try await Scene()
    defer { scene.stop() }
    let variables = scene.client.variables
    scene.cluster.fail(.loseReply) { $0.method == "PUT" }
    let made = try await variables.write("a", ["by": "us"], check: .absent)
    #expect(scene.cluster.variable("a") == ["by": "us"])
    scene.cluster.fail(.loseReply) { $0.method == "PUT" }
    let changed = try await variables.write(
      "a", ["by": "us", "n": "2"], check: .unchanged(since: made.modifyIndex))
    #expect(changed.modifyIndex > made.modifyIndex)
    scene.cluster.fail(.loseReply) { $0.method == "DELETE" }
    try await variables.delete("a", check: .unchanged(since: changed.modifyIndex))
    #expect(scene.cluster.variable("a") == nil)
    // What was never done, while another one was quicker, is not ours.
    scene.cluster.fail(.dropRequest) { $0.method == "PUT" && $0.number > 0 }
    async let ours = variables.write("b", ["by": "us"], check: .absent)
    _ = try? await ours
    let error = await #expect(throws: NomadError.self) {
      try await variables.write("b", ["by": "others"], check: .absent)
    }
    #expect(error?.isConflict == true)
  }

  @Test(
    "What breaks a rule is told",
    arguments: [
      ("a.b", ["x": "1"], "invalid path"), ("nomad/other", ["x": "1"], "valid paths"), ("a", [:], "Items"),
      ("a", ["x": String(repeating: "y", count: 70_000)], "64KiB"),
    ])
  func rules(_ path: String, _ items: [String: String], _ words: String) async throws {
    let scene = try await Scene()
    defer { scene.stop() }
    let error = await #expect(throws: NomadError.self) {
      try await scene.client.variables.write(path, items, check: .none)
    }
    #expect(error?.isInvalid == true && error?.message.contains(words) == true, "\(error?.message ?? "")")
  }

  @Test("Agents that have none say so in a way that can be told") func agentsThatHaveNone() async throws {
    let scene = try await Scene(.v1_1)
    defer { scene.stop() }
    #expect(try await !scene.client.variables.areAvailable())
    let read = await #expect(throws: NomadError.self) { try await scene.client.variables.read("a") }
    let write = await #expect(throws: NomadError.self) {
      try await scene.client.variables.write("a", ["x": "1"], check: .absent)
    }
    let list = await #expect(throws: NomadError.self) { try await scene.client.variables.list() }
    #expect(read?.isUnsupported == true && write?.isUnsupported == true && list?.isUnsupported == true)
  }

  @Test("A token sees what its policy gives") func rights() async throws {
    let scene = try await Scene(acl: true)
    defer { scene.stop() }
    scene.cluster.addPolicy(
      "own",
      """
      namespace "default" {
        variables {
          path "berth/*" { capabilities = ["read", "write", "destroy"] }
        }
      }
      """)
    let client = try await scene.client(token: scene.cluster.addToken(["own"]))
    _ = try await scene.client.variables.write("other", ["x": "1"], check: .none)
    _ = try await client.variables.write("berth/a", ["x": "1"], check: .absent)
    #expect(try await client.variables.list().value.map(\.path) == ["berth/a"])
    let error = await #expect(throws: NomadError.self) { try await client.variables.read("other") }
    #expect(error?.isForbidden == true)
    #expect(try await client.variables.areAvailable())
  }

  @Test("Variables come in pages") func pages() async throws {
    let scene = try await Scene()
    defer { scene.stop() }
    for number in 0..<510 {
      _ = try await scene.client.variables.write("berth/\(number)", ["x": "1"], check: .none)
    }
    #expect(try await scene.client.variables.list(prefix: "berth/").value.count == 510)
    #expect(scene.questions.filter { $0.path == "/v1/vars" }.count == 2)
  }
}
