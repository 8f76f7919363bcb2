import Values

/// Answers requests as an agent's `command/agent` does.
struct Router {
  var state: ClusterState
  let request: FakeRequest
  let rights: FakeRights?
  /// What runs a command.
  let exec: @Sendable (FakeExec) -> FakeExecScript?

  var minor: Int { state.version.minor }
  var namespace: String { request["namespace"].flatMap { $0.isEmpty ? nil : $0 } ?? "default" }

  static let denied = FakeAnswer.text(403, "Permission denied")
  static let missing = FakeAnswer.empty(404)

  mutating func answer() -> FakeAnswer {
    let path = request.path
    guard path.hasPrefix("/v1/") else { return path == "/" ? .empty(307) : Self.missing }
    if rights == nil { return tokenless(path) }
    let rest = String(path.dropFirst(4))
    for (prefix, handler) in Self.routes
    where rest == prefix || prefix.hasSuffix("/") && rest.hasPrefix(prefix) {
      let answer = handler(&self, prefix.hasSuffix("/") ? String(rest.dropFirst(prefix.count)) : "")
      return held(answer)
    }
    return Self.missing
  }

  /// Who has a token that is none may ask for what needs no token.
  private func tokenless(_ path: String) -> FakeAnswer {
    switch path {
    case "/v1/status/leader": .json("127.0.0.1:4647", index: 0)
    case "/v1/regions": .json(["global"], index: 0)
    case "/v1/acl/token/self": .text(minor >= 4 ? 403 : 404, "ACL token not found")
    default:
      .text(403, minor >= 4 && path != "/v1/acl/token/self" ? "Permission denied" : "ACL token not found")
    }
  }

  private typealias Handler = (inout Router, String) -> FakeAnswer

  private static var routes: [(String, Handler)] {
    [
      ("jobs", { $0.jobs($1) }), ("job/", { $0.job($1) }), ("validate/job", { $0.validate($1) }),
      ("allocations", { $0.allocations($1) }), ("allocation/", { $0.allocation($1) }),
      ("client/allocation/", { $0.clientAllocation($1) }), ("client/fs/logs/", { $0.logs($1) }),
      ("evaluations", { $0.evaluations($1) }), ("evaluation/", { $0.evaluation($1) }),
      ("deployments", { $0.deployments($1) }), ("deployment/", { $0.deployment($1) }),
      ("nodes", { $0.nodes($1) }), ("node/", { $0.node($1) }), ("namespaces", { $0.namespaces($1) }),
      ("regions", { _, _ in .json(["global"], index: 0) }),
      ("status/leader", { _, _ in .json("127.0.0.1:4647", index: 0) }),
      ("agent/self", { $0.agent($1) }), ("acl/token/self", { $0.token($1) }),
      ("acl/policy/", { $0.policy($1) }), ("event/stream", { $0.events($1) }),
      ("vars", { $0.variables($1) }), ("var/", { $0.variable($1) }),
    ]
  }

  // MARK: Reading

  func allows(_ need: FakeNeed) -> Bool { rights?.allows(need) ?? false }
  func allows(_ capabilities: String...) -> Bool { allows(.namespace(namespace, capabilities)) }

  /// Holds back an answer that tells nothing new.
  private func held(_ answer: FakeAnswer) -> FakeAnswer {
    guard let asked = request["index"].flatMap({ UInt64($0) }), asked > 0, request.method == "GET" else {
      return answer
    }
    switch answer {
    case .json(_, let index, _, _, _) where index <= asked, .absent(_, let index) where index <= asked:
      return .blocking(above: asked, for: Self.duration(request["wait"]))
    default: return answer
    }
  }

  /// A time in Go's words, as far as clients write it.
  static func duration(_ text: String?) -> Duration {
    guard let text else { return .seconds(300) }
    let number = Double(text.prefix { $0.isNumber || $0 == "." }) ?? 300
    let wait: Duration =
      text.hasSuffix("ms")
      ? .milliseconds(Int64(number)) : text.hasSuffix("m") ? .seconds(number * 60) : .seconds(number)
    return wait == .zero ? .seconds(300) : wait
  }

  /// A list as pages, if that is asked and the version does so.
  func list(
    _ elements: [(key: String, json: JSON)], _ table: ClusterState.Table, _ shape: String
  ) -> FakeAnswer {
    let sorted = elements.sorted { $0.key < $1.key }
    let index = state.tables[table] ?? 1
    guard minor >= 3, let size = request["per_page"].flatMap({ Int($0) }), size > 0 else {
      return .json(.array(sorted.map(\.json)), index: index, shape: .list(.object(shape)))
    }
    let token = request["next_token"] ?? ""
    let rest = sorted.filter { $0.key >= token }
    return .json(
      .array(rest.prefix(size).map(\.json)), index: index, next: rest.count > size ? rest[size].key : nil,
      shape: .list(.object(shape)))
  }

  /// Whether something of a namespace is asked for.
  func isWanted(_ namespace: String) -> Bool {
    self.namespace == "*"
      ? allows(.namespace(namespace, ["list-jobs", "read-job"])) : self.namespace == namespace
  }

  func absent(_ words: String, _ table: ClusterState.Table) -> FakeAnswer {
    .absent(words, index: state.tables[table] ?? 1)
  }

  var isWriting: Bool { request.method == "POST" || request.method == "PUT" }

  /// The body, as a server of this version reads it.
  func body(_ shape: String) -> Result<JSON, ShapeReader.Refusal> {
    guard !request.body.isEmpty else { return .failure(.init(text: "Request body is empty")) }
    guard let json = request.json else {
      return .failure(.init(text: "invalid character looking for beginning of value"))
    }
    do throws(ShapeReader.Refusal) {
      return .success(try ShapeReader(minor: minor).read(json, as: .object(shape)))
    } catch {
      return .failure(error)
    }
  }

  // MARK: The cluster

  private mutating func agent(_ rest: String) -> FakeAnswer {
    guard allows(.agent(write: false)) else { return Self.denied }
    let version: JSON = [
      "Revision": "60638a086ef9630e2a9ba1e237e8426192a44244", "Version": .string(state.version.text),
      "VersionPrerelease": "", "VersionMetadata": "",
    ]
    return .json(
      [
        "config": [
          "ACL": ["Enabled": .bool(state.access.isOn)], "Client": ["Enabled": true],
          "Datacenter": .string(state.nodes.first?.datacenter ?? "dc1"), "NodeName": "fake",
          "Region": "global",
          "Server": ["Enabled": true], "Version": version,
        ],
        "member": [
          "Addr": "127.0.0.1", "Name": "fake.global", "Port": 4648, "Status": "alive",
          "Tags": ["build": .string(state.version.text), "dc": "dc1", "region": "global", "role": "nomad"],
        ], "stats": ["nomad": ["leader": "true", "server": "true"]],
      ], index: 0)
  }

  private mutating func token(_ rest: String) -> FakeAnswer {
    guard state.access.isOn else { return .text(400, "ACL support disabled") }
    guard let secret = request.headers["x-nomad-token"], let token = state.access.tokens[secret] else {
      return .text(404, "ACL token not found")
    }
    return .json(token.json, index: 7, shape: .object("ACLToken"))
  }

  private mutating func policy(_ name: String) -> FakeAnswer {
    guard state.access.isOn else { return .text(400, "ACL support disabled") }
    let token = request.headers["x-nomad-token"].flatMap { state.access.tokens[$0] }
    let isOwn = token?.policies.contains(name) ?? false
    guard rights?.isManagement == true || isOwn || name == "anonymous" else { return Self.denied }
    guard let policy = state.access.policies[name] else { return .text(404, "ACL policy not found") }
    return .json(policy.json, index: 8, shape: .object("ACLPolicy"))
  }

  private mutating func namespaces(_ rest: String) -> FakeAnswer {
    let known = state.namespaces.filter { name, _ in
      allows(.namespace(name, ["list-jobs", "read-job", "submit-job", "read-logs", "alloc-exec"]))
    }
    return list(
      known.map { name, description in
        (
          name,
          [
            "Name": .string(name), "Description": .string(description), "Quota": "", "Hash": "",
            "CreateIndex": 1, "ModifyIndex": 1,
          ]
        )
      }, .namespaces, "Namespace")
  }

  private mutating func nodes(_ rest: String) -> FakeAnswer {
    guard allows(.node(write: false)) else { return Self.denied }
    let prefix = request["prefix"] ?? ""
    return list(
      state.nodes.filter { $0.id.hasPrefix(prefix) }.map { ($0.id, $0.stub(state)) }, .nodes, "NodeListStub")
  }

  private mutating func node(_ id: String) -> FakeAnswer {
    guard allows(.node(write: false)) else { return Self.denied }
    guard let node = state.nodes.first(where: { $0.id == id }) else {
      return absent("node not found", .nodes)
    }
    return .json(node.whole(state), index: state.tables[.nodes] ?? 1)
  }

  private mutating func events(_ rest: String) -> FakeAnswer {
    let topics = request.all("topic").map { topic -> (String, String) in
      let parts = topic.split(separator: ":", maxSplits: 1).map(String.init)
      return (parts[0], parts.count > 1 ? parts[1] : "*")
    }
    let asked = topics.isEmpty ? [("*", "*")] : topics
    let isAllowed = asked.allSatisfy { topic, _ in
      switch topic {
      case "Job", "Evaluation", "Deployment", "Allocation": allows("read-job")
      case "Node": allows(.node(write: false))
      default: allows(.management)
      }
    }
    guard isAllowed else { return Self.denied }
    return .events(
      EventFeed(
        topics: asked, namespace: namespace, index: request["index"].flatMap { UInt64($0) } ?? 0))
  }
}
