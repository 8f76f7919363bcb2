import NomadFake
import Testing
import Values
import Wire

@testable import NomadAPI

/// Asks the fake and a real agent the same, and holds the one to the other: the status, the words of what is refused, and
/// which members each answer has, of which kind.
@Suite(.enabled(if: RealAgent.isThere, RealAgent.skipped), .serialized) struct ComparisonTests {
  /// What of an answer must be the same.
  private struct Facts: Equatable, CustomStringConvertible {
    let status: Int
    let words: String
    let members: [String: String]

    var description: String {
      "\(status) \(words) \(members.sorted { $0.key < $1.key }.map { "\($0.key):\($0.value)" })"
    }
  }

  /// Members that differ between what a version of Nomad has and what both of the fake's have, and those that depend on
  /// what runs on the node.
  private static let ignored: Set<String> = [
    "Config", "Attributes", "Details", "TaskHandle", "NetworkStatus", "ScoreMetaData", "Scores", "Networks",
    "RescheduleTracker",
  ]

  private func facts(_ client: NomadClient, _ request: Request, id: String) async throws -> Facts {
    do {
      let answer = try await client.requester.transport.call(request)
      let json = answer.body.readableBytes == 0 ? JSON.null : try answer.json()
      var members: [String: String] = [:]
      Self.collect(json, "", &members)
      return Facts(status: answer.status, words: "", members: members)
    } catch let error as NomadError {
      // Numbers differ from one cluster to the other.
      let words = error.message.replacing(id, with: "ID").split { $0.isNumber }.joined(separator: "N")
      return Facts(status: error.status ?? 0, words: words, members: [:])
    }
  }

  private static func collect(_ json: JSON, _ path: String, _ members: inout [String: String]) {
    switch json {
    case .object(let found):
      for member in found where !ignored.contains(member.key) {
        let isName = ["web", "main", "dc1"].contains(member.key)
        let name = isName ? "*" : member.key
        members["\(path).\(name)"] = kind(member.value)
        collect(member.value, "\(path).\(name)", &members)
      }
    case .array(let elements):
      if let first = elements.first { collect(first, "\(path)[]", &members) }
    default: break
    }
  }

  private static func kind(_ json: JSON) -> String {
    switch json {
    case .null, .array([]), .object([]): "nothing"
    case .array: "list"
    case .object: "object"
    case .string("0001-01-01T00:00:00Z"): "no time"
    case .string: "text"
    case .bool: "truth"
    case .int, .number: "number"
    }
  }

  /// Asks both.
  private func compare(
    _ what: String, _ real: (client: NomadClient, id: String), _ fake: (client: NomadClient, id: String),
    _ request: (String) throws -> Request
  ) async throws {
    let one = try await facts(real.client, try request(real.id), id: real.id)
    let other = try await facts(fake.client, try request(fake.id), id: fake.id)
    #expect(one.status == other.status, "\(what)")
    #expect(one.words == other.words, "\(what)")
    // A list that is empty or null on one side says nothing of what would be in it.
    let missing = one.members.filter { other.members[$0.key] == nil }.keys.sorted()
    let surplus = other.members.filter { one.members[$0.key] == nil }.keys.sorted()
    #expect(missing.isEmpty, "\(what): the fake lacks \(missing)")
    #expect(surplus.isEmpty, "\(what): the real one lacks \(surplus)")
    for (path, kind) in one.members {
      guard let own = other.members[path], own != kind else { continue }
      if [own, kind].contains("nothing"), ![own, kind].contains("no time") { continue }
      Issue.record("\(what): \(path) is a \(kind), and the fake's a \(own)")
    }
  }

  @Test("The fake says what a real agent says") func theFakeIsLikeARealOne() async throws {
    try await RealAgent.withJob { client, id in
      let version: FakeVersion = client.version?.hasVariables == true ? .v1_10 : .v1_1
      let scene = try await Scene(version)
      defer { scene.stop() }
      let (real, fake) = ((client: client, id: id), (client: scene.client, id: id))
      func job(_ id: String) -> NomadJob { RealAgent.job(id, "exec sleep 600", env: ["A": "1"]) }
      func post(_ path: [String], _ json: JSON) -> Request { Request(.POST, path).with(json) }
      func get(_ path: String...) -> (String) -> Request { { _ in Request(.GET, ["v1"] + path) } }

      try await compare("a missing job", real, fake) { Request(.GET, ["v1", "job", $0]) }
      try await compare("a missing deployment", real, fake) {
        Request(.GET, ["v1", "job", $0, "deployment"])
      }
      try await compare("missing versions", real, fake) { Request(.GET, ["v1", "job", $0, "versions"]) }
      try await compare("a path that is none", real, fake, get("nothing"))
      try await compare("no body", real, fake) { _ in Request(.POST, ["v1", "jobs"]) }
      try await compare("no job", real, fake) { _ in post(["v1", "jobs"], [:]) }
      try await compare("no ID", real, fake) { _ in post(["v1", "jobs"], ["Job": ["Name": "a"]]) }
      try await compare("a wrong type", real, fake) {
        post(["v1", "jobs"], ["Job": ["ID": .string($0), "Priority": "high"]])
      }
      try await compare("a job without anything", real, fake) {
        post(["v1", "jobs"], ["Job": ["ID": .string($0)]])
      }
      try await compare("a job that is not there", real, fake) {
        post(["v1", "jobs"], ["Job": job($0).json, "EnforceIndex": true, "JobModifyIndex": 7])
      }
      try await compare("a plan", real, fake) {
        post(["v1", "job", $0, "plan"], ["Job": job($0).json, "Diff": false])
      }
      try await compare("a registration", real, fake) { post(["v1", "jobs"], ["Job": job($0).json]) }
      try await compare("a job that is there", real, fake) {
        post(["v1", "jobs"], ["Job": job($0).json, "EnforceIndex": true, "JobModifyIndex": 0])
      }
      try await compare("a job with another index", real, fake) {
        post(["v1", "jobs"], ["Job": job($0).json, "EnforceIndex": true, "JobModifyIndex": 1])
      }
      _ = try await client.deployment(of: id) { $0.status == "successful" }
      _ = try await scene.deployment(of: id) { $0.status == "successful" }
      try await compare("a job", real, fake) { Request(.GET, ["v1", "job", $0]) }
      for part in ["versions", "evaluations", "allocations", "deployments", "deployment"] {
        try await compare("the job's \(part)", real, fake) { Request(.GET, ["v1", "job", $0, part]) }
      }
      try await compare("jobs", real, fake) { Request(.GET, ["v1", "jobs"]).with("prefix", $0) }
      try await compare("a revert to what it is", real, fake) {
        post(["v1", "job", $0, "revert"], ["JobID": .string($0), "JobVersion": 0])
      }
      try await compare("a revert to what is not there", real, fake) {
        post(["v1", "job", $0, "revert"], ["JobID": .string($0), "JobVersion": 77])
      }
      let deployments = (
        try await client.jobs.latestDeployment(of: id).value?.id ?? "",
        try await scene.client.jobs.latestDeployment(of: id).value?.id ?? ""
      )
      for action in ["fail", "promote", "pause"] {
        func ask(_ id: String) -> Request {
          post(["v1", "deployment", action, id], ["DeploymentID": .string(id), "All": true, "Pause": true])
        }
        let one = try await facts(client, ask(deployments.0), id: deployments.0)
        let other = try await facts(scene.client, ask(deployments.1), id: deployments.1)
        #expect(one == other, "\(action)")
      }
      let none = "00000000-0000-0000-0000-000000000000"
      for path in [
        ["v1", "deployment", none], ["v1", "allocation", none], ["v1", "evaluation", none], ["v1", "vars"],
        ["v1", "var", "a"], ["v1", "status", "leader"], ["v1", "regions"], ["v1", "acl", "token", "self"],
        ["v1", "namespaces"],
      ] {
        try await compare(path.joined(separator: "/"), real, fake) { _ in Request(.GET, path) }
      }
      let allocations = (
        try await client.jobs.allocations(of: id).value.first?.id ?? "",
        try await scene.client.jobs.allocations(of: id).value.first?.id ?? ""
      )
      for (what, path, query) in [
        ("an allocation", ["v1", "allocation"], []),
        (
          "the log of a task that is none", ["v1", "client", "fs", "logs"],
          [("task", "x"), ("type", "stdout")]
        ),
        ("a log of no task", ["v1", "client", "fs", "logs"], [("type", "stdout")]),
        ("a log of no stream", ["v1", "client", "fs", "logs"], [("task", "web")]),
        (
          "a log from nowhere", ["v1", "client", "fs", "logs"],
          [("task", "web"), ("type", "stdout"), ("origin", "x")]
        ),
      ] as [(String, [String], [(String, String)])] {
        func ask(_ id: String) -> Request {
          query.reduce(Request(.GET, path + [id])) { $0.with($1.0, $1.1) }
        }
        let one = (client: client, id: allocations.0)
        let other = (client: scene.client, id: allocations.1)
        try await compare(what, one, other, ask)
      }
      try await compare("a stop", real, fake) { Request(.DELETE, ["v1", "job", $0]) }
    }
  }

  // MARK: Tasks

  /// How a task ends, and what the fake is told of it.
  struct Ending: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let script: String
    let behaviour: TaskBehaviour
    let isStopped: Bool
  }

  static let endings = [
    Ending(
      testDescription: "one that is told to", script: "exec sleep 600", behaviour: .runs, isStopped: true),
    Ending(
      testDescription: "one that fails", script: "exit 3", behaviour: .exits(3, after: .milliseconds(20)),
      isStopped: false),
  ]

  @Test("The same is told of a task that ends", arguments: ComparisonTests.endings)
  func tasksEndAlike(_ ending: Ending) async throws {
    try await RealAgent.withJob { client, id in
      let scene = try await Scene(client.version?.hasVariables == true ? .v1_10 : .v1_1)
      defer { scene.stop() }
      scene.cluster.script(task: "web", ending.behaviour)
      var told: [[String]] = []
      for client in [client, scene.client] {
        _ = try await client.jobs.register(RealAgent.job(id, ending.script))
        _ = try await client.allocations(of: id) {
          $0.contains { $0.tasks["web"]?.events.contains { $0.type == "Started" } == true }
        }
        if ending.isStopped { _ = try await client.jobs.stop(id) }
        let last = ending.isStopped ? "Killed" : "Alloc Unhealthy"
        let ended = try await client.allocations(of: id) {
          $0.contains { $0.tasks["web"]?.events.contains { $0.type == last } == true && $0.isTerminal }
        }
        let events = ended.first { $0.isTerminal }?.tasks["web"]?.events ?? []
        told.append(
          events.map { event in
            "\(event.type): " + event.displayMessage.split { $0.isNumber }.joined(separator: "N")
          })
      }
      #expect(told[0] == told[1])
    }
  }
}
