import KubernetesAPI
import ProviderKit

/// Registers that a cluster keeps as ConfigMaps, Leases and Secrets in the workloads' namespaces; see ``RegisterPlace``.
///
/// They have no owner: no controller deletes them, and only with the namespace do they go. A namespace that is not there
/// holds nothing; the first write makes it, where the target says so.
struct ClusterRegisters: Registers {
  /// Whether a namespace that is not there is made by the first write.
  let createsNamespaces: Bool
  /// Leads to the cluster.
  let connection: ClusterConnection

  init(createsNamespaces: Bool, _ connection: ClusterConnection) {
    self.createsNamespaces = createsNamespaces
    self.connection = connection
  }

  /// Registers of a cluster that is connected to when they are needed first.
  init(createsNamespaces: Bool, connect: @escaping @Sendable () async throws -> KubernetesClient) {
    self.init(createsNamespaces: createsNamespaces, ClusterConnection(connect: connect))
  }

  /// A cluster takes no object whose data is larger than 1 MiB.
  let capacity = 768 << 10

  func get(_ name: String) async throws -> Register? {
    let place = try RegisterPlace(name)
    // A key is made once, and every workload that uses secrets asks for it.
    guard place.part == .key else { return try await read(name, at: place) }
    if let known = await connection.keys[name] { return known }
    let key = try await read(name, at: place)
    if let key { await connection.note(key: key) }
    return key
  }

  private func read(_ name: String, at place: RegisterPlace) async throws -> Register? {
    try await reading(place.question("get")) { server in
      let object: KubernetesObject
      do {
        object = try await server.objects(place.type).get(place.object, in: place.namespace)
      } catch let error as KubernetesError where error.isNotFound { return nil }
      guard let register = RegisterObject.read(object), register.name == name else {
        throw StoreError(
          "\(place.description) is in the way of the release store: berth did not create it there",
          help: "look at what it holds, and delete it or give it another name")
      }
      return register
    }
  }

  func list(_ prefix: String, contents: Bool) async throws -> [Register] {
    let scope = try RegisterScope(prefix)
    let question = AccessQuestion("list", .configMaps, in: scope.namespace)
    let listed = try await reading(question) { server in
      try await server.objects(.configMaps).list(
        in: scope.namespace, scope.selection, metadataOnly: !contents)
    }
    return listed.items.compactMap { RegisterObject.read($0, hasContents: contents) }
      .filter { $0.name.utf8.starts(with: prefix.utf8) }.sorted { $0.name < $1.name }
  }

  func create(_ name: String, _ contents: [UInt8]) async throws -> Bool {
    let place = try RegisterPlace(name)
    let object = RegisterObject.write(contents, as: name, at: place)
    return try await asking("create", place) { client in
      do {
        do {
          _ = try await client.objects(place.type).create(object, ObjectWriter.options)
        } catch let error as KubernetesError where error.isNotFound && createsNamespaces {
          try await makeNamespace(place.namespace)
          _ = try await client.objects(place.type).create(object, ObjectWriter.options)
        }
        return true
      } catch let error as KubernetesError where error.isAlreadyExists && !error.mayHaveBeenDone {
        return false
      }
    }
  }

  func swap(_ name: String, from version: RegisterVersion, to contents: [UInt8]?) async throws -> Bool {
    let place = try RegisterPlace(name)
    guard let version = ObjectVersion(version) else { return false }
    await connection.forget(key: name)
    return try await asking(contents == nil ? "delete" : "update", place) { client in
      do {
        if let contents {
          let object = RegisterObject.write(contents, as: name, at: place, over: version)
          _ = try await client.objects(place.type).update(object, ObjectWriter.options)
        } else {
          let deletion = Deletion(uid: version.uid, resourceVersion: version.resourceVersion)
          try await client.objects(place.type).delete(place.object, in: place.namespace, deletion)
        }
        return true
      } catch let error as KubernetesError
        where (error.isConflict || error.isNotFound) && !error.mayHaveBeenDone
      {
        return false
      }
    }
  }

  private func makeNamespace(_ name: String) async throws {
    try await asking(AccessQuestion("create", .namespaces, name: name)) {
      try await NamespaceSupply.make(name, on: $0)
    }
  }

  private func asking<Result: Sendable>(
    _ verb: String, _ place: RegisterPlace, _ body: (KubernetesClient) async throws -> Result
  ) async throws -> Result {
    try await asking(place.question(verb), body)
  }

  /// The same for what is only read.
  private func reading<Result: Sendable>(
    _ question: AccessQuestion, _ body: @escaping @Sendable (any ObjectServer) async throws -> Result
  ) async throws -> Result {
    do { return try await connection.reading(body) } catch let error as KubernetesError {
      throw StoreError(Refusal(of: question, error))
    }
  }

  /// Asks the cluster, and says in the words of stores what it refuses.
  private func asking<Result: Sendable>(
    _ question: AccessQuestion, _ body: (KubernetesClient) async throws -> Result
  ) async throws -> Result {
    do { return try await body(try await connection.client()) } catch let error as KubernetesError {
      throw StoreError(Refusal(of: question, error))
    }
  }
}
