import Values
import Wire

/// A client of one cluster, through one agent.
///
/// It opens connections as they are needed, up to some dozens at once, and closes them when it is let go:
///
///     let access = try NomadAccess.resolve(NomadOptions(), environment: environment, source: "the environment")
///     let cluster = try await NomadClient.connect(to: access)
///     for job in try await cluster.jobs.list().value { print(job.id) }
///
/// Every call throws ``NomadError`` if the agent refuses or can't be reached, and `CancellationError` if its task is
/// cancelled. What is asked again, and why that does no harm, is told by each call.
package final class NomadClient: Sendable {
  /// What the agent says of itself; `nil` where the token may not read it.
  package let agent: AgentInfo?
  /// What runs there; `nil` where the token may not read it.
  package var version: NomadVersion? { agent?.version }
  /// How the cluster is reached, and as whom.
  package var access: NomadAccess { requester.transport.access }

  let requester: Requester

  private init(requester: Requester, agent: AgentInfo?) {
    self.requester = requester
    self.agent = agent
  }

  /// Connects, and asks what runs there. An agent that can't be reached is told at once, not after more tries.
  ///
  /// `GET /v1/agent/self`, and without the right for it `GET /v1/acl/token/self`, or `GET /v1/status/leader`.
  ///
  /// - Throws: ``NomadError`` if there is no agent, it refuses, or does not answer in time.
  package static func connect(to access: NomadAccess) async throws -> NomadClient {
    try await connect(to: access, policy: RetryPolicy())
  }

  static func connect(
    to access: NomadAccess, policy: RetryPolicy, silence: Duration = Transport.silence
  ) async throws -> NomadClient {
    let transport = try Transport(access: access, silence: silence)
    var once = policy
    once.attempts = 1
    let cluster = ClusterCalls(requester: Requester(transport: transport, policy: once))
    var agent: AgentInfo?
    do {
      agent = try await cluster.agent()
    } catch let error as NomadError where error.isForbidden && !error.message.contains("token not found") {
      // Newer agents only say that it is denied: whether they know the token, that they say of itself. What a workload of the
      // cluster has for a token is none that they could be asked for.
      if let token = access.token, !token.contains(".") {
        _ = try await cluster.token()
      } else {
        _ = try await cluster.leader()
      }
    }
    return NomadClient(requester: Requester(transport: transport, policy: policy), agent: agent)
  }

  package var jobs: JobCalls { JobCalls(requester: requester) }
  package var evaluations: EvaluationCalls { EvaluationCalls(requester: requester) }
  package var deployments: DeploymentCalls { DeploymentCalls(requester: requester) }
  package var allocations: AllocationCalls { AllocationCalls(requester: requester) }
  package var nodes: NodeCalls { NodeCalls(requester: requester) }
  /// What concerns the cluster as a whole.
  package var cluster: ClusterCalls { ClusterCalls(requester: requester) }
  package var variables: VariableCalls { VariableCalls(requester: requester) }

  /// Asks by blocking queries for as long as it is read: what is there at once, and then each time the state moves.
  ///
  ///     for try await list in client.follow({ try await client.jobs.allocations(of: "web", $0) }) { … }
  ///
  /// - Parameters:
  ///   - wait: how long an agent may keep back an answer.
  ///   - ask: reads what is followed. A namespace is for it to set.
  package func follow<Value: Sendable>(
    wait: Duration = .seconds(300), _ ask: @escaping @Sendable (Query) async throws -> Indexed<Value>
  ) -> BlockingQuery<Value> {
    BlockingQuery(wait: wait, policy: requester.policy, ask: ask)
  }
}
