import KubernetesAPI
import Planning
import ProviderKit

/// What a cluster lists of some workloads: one list for each kind and namespace, however many workloads there are.
struct ClusterListing: Sendable {
  private var found: [WorkloadKey: FoundObjects] = [:]
  /// What could not be listed, by namespace.
  private var gaps: [String: [String]] = [:]
  /// All claims of each namespace.
  private var claims: [String: [KubernetesObject]] = [:]

  /// Lists what there is of workloads, and tells the connection of their namespaces.
  ///
  /// - Throws: `KubernetesError` if the cluster can't be reached. What it refuses is a gap.
  init(of keys: [WorkloadKey], on connection: ClusterConnection) async throws {
    let spaces = Dictionary(grouping: Set(keys), by: \.namespace)
    let known = await connection.knownFacts
    async let states = connection.reading { try await Self.states(of: Array(spaces.keys), on: $0) }
    let answers = try await connection.reading { try await Self.lists(Self.questions(spaces, known), on: $0) }
    let types = Self.types(on: try await connection.facts())
    take(answers.filter { types.contains($0.0.type) }, of: keys)
    try await addStrangers(to: spaces, on: try await connection.client())
    let claims = claims
    await connection.note(
      try await states.reduce(into: [:]) { seen, state in
        seen[state.key] = NamespaceSight(state.value, claims: claims[state.key] ?? [])
      })
  }

  /// The same with a client, for one who writes.
  init(of keys: [WorkloadKey], on client: KubernetesClient, _ facts: EngineFacts) async throws {
    let spaces = Dictionary(grouping: Set(keys), by: \.namespace)
    take(try await Self.lists(Self.questions(spaces, facts), on: client), of: keys)
    try await addStrangers(to: spaces, on: client)
  }

  /// What there is of a workload.
  func objects(of key: WorkloadKey) -> FoundObjects { found[key] ?? FoundObjects() }

  /// What could not be looked at of the workloads of a namespace.
  func gaps(in namespace: String) -> [String] { (gaps[namespace] ?? []).sorted() }

  // MARK: What is asked

  private static func types(on facts: EngineFacts) -> [ResourceType] {
    types + [.budgets(on: facts)]
  }

  private static let types: [ResourceType] = [
    .deployments, .statefulSets, .pods, .services, .configMaps, .secrets, .claims, .jobs,
  ]

  /// Of a server that has yet to say what it is, what any may have is asked for.
  private static func questions(
    _ spaces: [String: [WorkloadKey]], _ facts: EngineFacts?
  ) -> [ListQuestion] {
    let asked = facts.map { types(on: $0) } ?? types + [.newBudgets, .oldBudgets]
    return spaces.flatMap { namespace, keys in
      asked.map { type in
        let labels = selector(of: keys) + (holdsConfig(type) ? onlyConfig : "")
        // Claims of others can be in the way of a workload's.
        return ListQuestion(
          type: type, namespace: namespace, selection: Selection(labels: type == .claims ? nil : labels))
      }
    }
  }

  private static func states(
    of namespaces: [String], on server: any ObjectServer
  ) async throws -> [String: NamespaceSight.State] {
    try await withThrowingTaskGroup(of: (String, NamespaceSight.State).self) { group in
      for namespace in namespaces {
        group.addTask { (namespace, try await NamespaceSight.state(of: namespace, on: server)) }
      }
      return try await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
    }
  }

  private static func holdsConfig(_ type: ResourceType) -> Bool { type == .configMaps || type == .secrets }

  /// Records of the history are ConfigMaps, too, and its keys are Secrets.
  private static let onlyConfig = ",\(Mark.part)=\(Part.config.rawValue)"

  /// Of one workload, what is its own is asked for; of several, what is berth's.
  private static func selector(of keys: [WorkloadKey]) -> String {
    let ours = "\(Mark.managedBy)=\(Mark.berth)"
    return keys.count == 1 ? "\(ours),\(Mark.workload)=\(keys[0].name)" : ours
  }

  /// What sits on the names of workloads that are not there.
  private mutating func addStrangers(
    to spaces: [String: [WorkloadKey]], on client: KubernetesClient
  ) async throws {
    var questions: [ListQuestion] = []
    for (namespace, keys) in spaces where gaps[namespace] == nil {
      let absent = keys.filter { objects(of: $0).controllers.isEmpty }
      guard let first = absent.first else { continue }
      let selection = Selection(
        labels: "\(Mark.managedBy)!=\(Mark.berth)",
        fields: absent.count == 1 ? "metadata.name=\(first.name)" : nil)
      questions += [ResourceType.deployments, .statefulSets, .services].map {
        ListQuestion(type: $0, namespace: namespace, selection: selection)
      }
    }
    guard !questions.isEmpty else { return }
    let absent = Set(spaces.values.joined().filter { objects(of: $0).controllers.isEmpty })
    for (question, answer) in try await Self.lists(questions, on: client) {
      for object in note(answer, to: question) {
        let key = WorkloadKey(namespace: question.namespace, name: object.name)
        if absent.contains(key) { found[key, default: FoundObjects()].strangers.append(object) }
      }
    }
  }

  // MARK: What is answered

  private struct ListQuestion: Sendable {
    let type: ResourceType
    let namespace: String
    let selection: Selection

    /// Nothing that only looks may see what a Secret holds.
    var isOfMetadata: Bool { type == .secrets }
  }

  private static func lists(
    _ questions: [ListQuestion], on server: any ObjectServer
  ) async throws -> [(ListQuestion, Result<[KubernetesObject], KubernetesError>)] {
    try await withThrowingTaskGroup(
      of: (ListQuestion, Result<[KubernetesObject], KubernetesError>).self
    ) { group in
      for question in questions {
        group.addTask {
          do {
            let list = try await server.objects(question.type).list(
              in: question.namespace, question.selection, metadataOnly: question.isOfMetadata)
            return (
              question, .success(list.items.map { question.isOfMetadata ? $0.named(as: question.type) : $0 })
            )
          } catch let error as KubernetesError where error.status != nil {
            return (question, .failure(error))
          }
        }
      }
      return try await group.reduce(into: []) { $0.append($1) }
    }
  }

  /// The objects of an answer; a refusal is noted as a gap.
  private mutating func note(
    _ answer: Result<[KubernetesObject], KubernetesError>, to question: ListQuestion
  ) -> [KubernetesObject] {
    switch answer {
    case .success(let objects): return objects
    case .failure(let error):
      let asked = AccessQuestion("list", question.type, in: question.namespace)
      gaps[question.namespace, default: []].append(Refusal(of: asked, error).message)
      return []
    }
  }

  private mutating func take(
    _ lists: [(ListQuestion, Result<[KubernetesObject], KubernetesError>)], of keys: [WorkloadKey]
  ) {
    let known = Set(keys)
    for (question, answer) in lists {
      if question.type == .secrets {
        // That they may not be listed is no gap: what they hold is told by digests.
        if case .failure(let error) = answer, error.isForbidden { continue }
        for key in known where key.namespace == question.namespace {
          found[key, default: FoundObjects()].secrets = []
        }
      }
      let objects = note(answer, to: question)
      if question.type == .claims { claims[question.namespace] = objects }
      for object in objects {
        guard object.labels[Mark.managedBy] == Mark.berth, let name = object.labels[Mark.workload] else {
          continue
        }
        let key = WorkloadKey(namespace: question.namespace, name: name)
        if known.contains(key) { found[key, default: FoundObjects()].add(object) }
      }
    }
  }
}
