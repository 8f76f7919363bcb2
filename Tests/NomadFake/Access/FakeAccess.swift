import Values

/// The tokens and policies of the fake.
struct FakeAccess: Sendable {
  /// Whether tokens are asked for at all.
  var isOn: Bool
  var tokens: [String: FakeToken] = [:]
  var policies: [String: FakePolicy] = [:]
}

/// A token.
struct FakeToken: Sendable {
  let accessor: String
  let secret: String
  let name: String
  let isManagement: Bool
  let policies: [String]

  var json: JSON {
    [
      "AccessorID": .string(accessor), "SecretID": .string(secret), "Name": .string(name),
      "Type": .string(isManagement ? "management" : "client"), "Policies": .texts(policies), "Global": false,
      "Hash": "", "CreateTime": "2026-01-01T00:00:00Z", "CreateIndex": 7, "ModifyIndex": 7,
    ]
  }
}

/// A policy.
struct FakePolicy: Sendable {
  let name: String
  let rules: String
  let blocks: [PolicyBlock]

  var json: JSON {
    [
      "Name": .string(name), "Description": "", "Rules": .string(rules), "Hash": "", "CreateIndex": 8,
      "ModifyIndex": 8,
    ]
  }
}

/// What a request needs.
enum FakeNeed: Sendable {
  case nothing
  /// One of these capabilities in a namespace.
  case namespace(String, [String])
  case node(write: Bool)
  case agent(write: Bool)
  case variable(String, namespace: String, String)
  case management
}

/// What those who ask may do.
struct FakeRights: Sendable {
  let isManagement: Bool
  let blocks: [PolicyBlock]

  /// What the short names of a namespace's policy stand for. `acl/policy.go`.
  private static let reading = [
    "list-jobs", "parse-job", "read-job", "csi-list-volume", "csi-read-volume", "read-job-scaling",
    "list-scaling-policies", "read-scaling-policy",
  ]
  private static let writing =
    reading + [
      "scale-job", "submit-job", "dispatch-job", "read-logs", "read-fs", "alloc-exec", "alloc-lifecycle",
      "csi-mount-volume", "csi-write-volume", "submit-recommendation",
    ]

  func allows(_ need: FakeNeed) -> Bool {
    if isManagement { return true }
    switch need {
    case .nothing: return true
    case .management: return false
    case .node(let write): return has("node", write: write)
    case .agent(let write): return has("agent", write: write)
    case .namespace(let name, let capabilities):
      let given = self.capabilities(of: name)
      return !given.contains("deny") && capabilities.contains { given.contains($0) }
    case .variable(let path, let namespace, let capability):
      return variableCapabilities(path, namespace).contains(capability)
    }
  }

  private func has(_ name: String, write: Bool) -> Bool {
    let policies = blocks.filter { $0.name == name }.flatMap { $0.attributes["policy"] ?? [] }
    return policies.contains("write") || !write && policies.contains("read")
  }

  private func capabilities(of namespace: String) -> Set<String> {
    var given: Set<String> = []
    for block in namespaceBlocks(namespace) {
      for policy in block.attributes["policy"] ?? [] {
        given.formUnion(policy == "read" ? Self.reading : policy == "write" ? Self.writing : [policy])
      }
      given.formUnion(block.attributes["capabilities"] ?? [])
    }
    return given
  }

  /// The blocks for a namespace: those that name it, or else the one whose pattern is closest.
  private func namespaceBlocks(_ namespace: String) -> [PolicyBlock] {
    let blocks = blocks.filter { $0.name == "namespace" }
    if namespace == "*" { return blocks }
    let exact = blocks.filter { $0.label == namespace }
    return exact.isEmpty ? blocks.filter { Self.matches($0.label ?? "", namespace) } : exact
  }

  private func variableCapabilities(_ path: String, _ namespace: String) -> Set<String> {
    var best: (length: Int, capabilities: Set<String>)?
    for block in namespaceBlocks(namespace) {
      for variables in block.blocks where variables.name == "variables" {
        for rule in variables.blocks where rule.name == "path" && Self.matches(rule.label ?? "", path) {
          let length = (rule.label ?? "").count
          let capabilities = Set(rule.attributes["capabilities"] ?? [])
          guard (best?.length ?? -1) < length else { continue }
          best = (length, capabilities)
        }
      }
    }
    var capabilities = best?.capabilities ?? []
    // Who may write may read what is in the way, and who may read may list.
    if capabilities.contains("write") || capabilities.contains("read") { capabilities.insert("list") }
    return capabilities
  }

  /// Whether a pattern with `*` is that of a name.
  static func matches(_ pattern: String, _ name: String) -> Bool {
    let parts = pattern.split(separator: "*", omittingEmptySubsequences: false).map(String.init)
    guard parts.count > 1 else { return pattern == name }
    guard name.hasPrefix(parts[0]) else { return false }
    var rest = name.dropFirst(parts[0].count)
    for part in parts.dropFirst().dropLast() {
      guard part.isEmpty || rest.firstRange(of: part) != nil else { return false }
      if let range = rest.firstRange(of: part), !part.isEmpty { rest = rest[range.upperBound...] }
    }
    return rest.hasSuffix(parts.last ?? "")
  }
}

extension FakeAccess {
  /// What a secret allows; `nil` if there is no such token.
  func rights(_ secret: String?) -> FakeRights? {
    guard isOn else { return FakeRights(isManagement: true, blocks: []) }
    guard let secret, !secret.isEmpty else {
      return FakeRights(isManagement: false, blocks: policies["anonymous"]?.blocks ?? [])
    }
    guard let token = tokens[secret] else { return nil }
    return FakeRights(
      isManagement: token.isManagement, blocks: token.policies.flatMap { policies[$0]?.blocks ?? [] })
  }
}
