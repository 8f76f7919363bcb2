import KubernetesAPI

/// What a look at the workloads of a namespace tells of it as a whole. It is asked once for all of them.
struct NamespaceSight: Sendable {
  /// How it is with a namespace.
  enum State: Sendable {
    case usable, missing, beingDeleted
  }

  let state: State
  /// All of its claims, also those of others.
  let claims: [KubernetesObject]

  init(_ state: State, claims: [KubernetesObject]) { (self.state, self.claims) = (state, claims) }

  /// Asks a cluster.
  init(of namespace: String, on server: any ObjectServer) async throws {
    async let state = Self.state(of: namespace, on: server)
    let claims = try await server.objects(.claims).list(in: namespace).items
    self.init(try await state, claims: claims)
  }

  /// How it is with a namespace. Who may not read namespaces learns it from what is written into one.
  static func state(of namespace: String, on server: any ObjectServer) async throws -> State {
    do {
      return try await server.objects(.namespaces).get(namespace).isBeingDeleted ? .beingDeleted : .usable
    } catch let error as KubernetesError where error.isNotFound {
      return .missing
    } catch let error as KubernetesError where error.isForbidden {
      return .usable
    }
  }
}
