import NomadFake
import Synchronization
import Values
import Wire

@testable import NomadAPI

/// A fake cluster, its agent, and a client of it that does not wait before it asks again.
struct Scene: Sendable {
  let cluster: FakeNomad
  let agent: FakeAgent
  let client: NomadClient

  init(
    _ version: FakeVersion = .v1_10, nodes: [FakeNode] = [FakeNode("node-1")], acl: Bool = false,
    token: String? = nil, policy: RetryPolicy = .impatient
  ) async throws {
    cluster = FakeNomad(version: version, nodes: nodes, acl: acl)
    agent = try await FakeAgent.listen(cluster)
    client = try await NomadClient.connect(
      to: Self.access(agent, token: token ?? (acl ? FakeNomad.managementToken : nil)), policy: policy)
  }

  static func access(_ agent: FakeAgent, token: String? = nil) throws -> NomadAccess {
    NomadAccess(
      server: try ServerAddress(agent.address, schemes: [.http, .https]), token: token, source: "the test")
  }

  func client(token: String?) async throws -> NomadClient {
    try await NomadClient.connect(to: Self.access(agent, token: token), policy: .impatient)
  }

  func stop() { agent.stop() }

  /// The requests but those by which a client connects.
  var questions: [FakeRequest] { cluster.requests.filter { $0.path != "/v1/agent/self" } }

  /// A job of one group with one task.
  static func job(_ id: String = "web", count: Int = 1, env: [String: String] = [:]) -> NomadJob {
    var job = NomadJob(id: id)
    job["Datacenters"] = ["dc1"]
    job["TaskGroups"] = [
      [
        "Name": "main", "Count": .int(Int64(count)),
        "Tasks": [
          [
            "Name": "web", "Driver": "docker", "Config": ["image": "nginx:1"],
            "Env": .object(env.sorted { $0.key < $1.key }.map { JSON.Member($0.key, .string($0.value)) }),
          ]
        ],
      ]
    ]
    return job
  }

  /// A job whose group is updated in some way.
  static func job(
    _ id: String = "web", count: Int = 1, env: [String: String] = [:], update: JSON
  ) -> NomadJob {
    var job = job(id, count: count, env: env)
    job["TaskGroups"] = .array(
      job.groups.map { group in
        var group = group
        group["Update"] = update
        return group
      })
    return job
  }

  /// Waits until the newest deployment of a job is in some state.
  func deployment(
    of job: String = "web", until isThere: @escaping @Sendable (Deployment) -> Bool
  ) async throws -> Deployment {
    let client = client
    for try await found in client.follow(
      wait: .seconds(5), { try await client.jobs.latestDeployment(of: job, $0) })
    {
      if let deployment = found.value, isThere(deployment) { return deployment }
    }
    throw NomadError("the deployment ended")
  }

  /// Waits until the allocations of a job are in some state.
  func allocations(
    of job: String = "web", until isThere: @escaping @Sendable ([Allocation]) -> Bool
  ) async throws -> [Allocation] {
    let client = client
    for try await found in client.follow(
      wait: .seconds(5), { try await client.jobs.allocations(of: job, $0) })
    {
      if isThere(found.value) { return found.value }
    }
    throw NomadError("the allocations ended")
  }
}

extension RetryPolicy {
  /// Tries as often as any, and does not wait for long.
  static var impatient: RetryPolicy {
    var policy = RetryPolicy()
    policy.sleep = { _ in try await Task.sleep(for: .milliseconds(1)) }
    return policy
  }
}

/// Fails a test that hangs, instead of waiting for ever.
func inTime<Result: Sendable>(
  _ limit: Duration = .seconds(60), _ body: @escaping @Sendable () async throws -> Result
) async throws -> Result {
  try await within(limit, orThrow: NomadError("the test took longer than \(limit)"), body)
}
