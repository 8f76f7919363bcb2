import Planning
import Values
import WorkloadSpec

/// What berth writes on a service of a template: which run made it, and what it was made from, for what an engine
/// itself can't tell.
package struct ControllerServiceStamp: Sendable, Equatable {
  /// The run that made it. A template leaves it out, so that every run writes the same: old pods stay where a workload goes back
  /// to what they are.
  package var run: RunID
  /// The digest of what it was made from.
  package var digest: SpecDigest
  /// What it was made from. The content of a config file in which nothing is filled in is left out: its object has it.
  package var spec: Service
  /// The keyed digests of the values of its secrets, by their identity.
  package var secretDigests: [String: String]

  /// The stamp of a service.
  ///
  /// - Parameters:
  ///   - context: what it is written with.
  ///   - texts: how its texts are filled in.
  package init(of service: Service, _ context: ActionContext, _ texts: ServiceTexts) {
    run = context.run
    digest = context.stamp(for: service, in: InstanceID(0)).digest
    secretDigests = context.stampedDigests(of: service, texts)
    spec = service
    for index in spec.configFiles.indices
    where texts.fillText(spec.configFiles[index].content) == spec.configFiles[index].content {
      spec.configFiles[index].content = ""
    }
  }

  /// Whether a service that is read back is what this was made from. Content that the stamp leaves out is told of its object.
  package func isRead(as live: LiveService) -> Bool {
    var service = live.service
    for index in service.configFiles.indices {
      let stated = spec.configFiles.first { $0.name == service.configFiles[index].name }
      if stated?.content.isEmpty == true { service.configFiles[index].content = "" }
    }
    return service == spec
  }

  init?(_ value: Value) {
    guard let digest = value["digest"]?.string, let fields = value["spec"],
      let spec = try? Service(json: CanonicalJSON.compact(fields), name: "stamp")
    else { return nil }
    run = RunID(value["run"]?.string ?? "")
    self.digest = SpecDigest(digest)
    self.spec = spec
    secretDigests = Dictionary(
      (value["secrets"]?.members ?? []).compactMap { member in member.value.string.map { (member.key, $0) } }
    ) { $1 }
  }

  func plain(withRun: Bool) -> Value {
    var members: [Value.Member] = withRun ? [.init("run", .string(run.description))] : []
    members += [.init("digest", .string(digest.description)), .init("spec", spec.plain)]
    if !secretDigests.isEmpty {
      let digests = secretDigests.sorted { $0.key < $1.key }
      members.append(.init("secrets", .map(digests.map { .init($0.key, .string($0.value)) })))
    }
    return .map(members)
  }
}
