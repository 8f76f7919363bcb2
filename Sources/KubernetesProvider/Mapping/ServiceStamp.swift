import Planning
import ProviderKit
import Values
import WorkloadSpec

/// What berth writes on a service of a template: which run made it, and what it was made from, for what an engine
/// itself can't tell.
struct ServiceStamp: Sendable, Equatable {
  /// The run that made it. A template leaves it out, so that every run writes the same: old pods stay where a workload goes back
  /// to what they are.
  var run: RunID
  /// The digest of what it was made from.
  var digest: SpecDigest
  /// What it was made from. The content of a config file in which nothing is filled in is left out: its object has it.
  var spec: Service
  /// The keyed digests of the values of its secrets, by their identity.
  var secretDigests: [String: String]

  init(of service: Service, _ writing: Writing) {
    run = writing.run
    digest = writing.context.stamp(for: service, in: InstanceID(0)).digest
    secretDigests = writing.context.stampedDigests(of: service, service.texts)
    spec = service
    let texts = service.texts
    for index in spec.configFiles.indices
    where texts.fillText(spec.configFiles[index].content) == spec.configFiles[index].content {
      spec.configFiles[index].content = ""
    }
  }

  /// Whether a service that is read back is what this was made from. Content that the stamp leaves out is told of its object.
  func isRead(as live: LiveService) -> Bool {
    var service = live.service
    for index in service.configFiles.indices {
      let stated = spec.configFiles.first { $0.name == service.configFiles[index].name }
      if stated?.content.isEmpty == true { service.configFiles[index].content = "" }
    }
    return service == spec
  }

  fileprivate init?(_ value: Value) {
    guard let digest = value["digest"]?.string, let fields = value["spec"],
      let spec = try? Service(json: CanonicalJSON.compact(fields), name: Mark.services)
    else { return nil }
    run = RunID(value["run"]?.string ?? "")
    self.digest = SpecDigest(digest)
    self.spec = spec
    secretDigests = Dictionary(
      (value["secrets"]?.members ?? []).compactMap { member in member.value.string.map { (member.key, $0) } }
    ) { $1 }
  }

  fileprivate func plain(withRun: Bool) -> Value {
    var members: [Value.Member] = withRun ? [.init("run", .string(run.description))] : []
    members += [.init("digest", .string(digest.description)), .init("spec", spec.plain)]
    if !secretDigests.isEmpty {
      let digests = secretDigests.sorted { $0.key < $1.key }
      members.append(.init("secrets", .map(digests.map { .init($0.key, .string($0.value)) })))
    }
    return .map(members)
  }
}

/// What berth writes on a template, or on a controller, of the workload that it was made from.
struct TemplateStamp: Sendable, Equatable {
  /// The labels of the workload.
  var labels: StringMap
  /// What only Kubernetes knows of the workload.
  var own: KubernetesWorkload
  /// What the services were made from, in the order of the spec.
  var services: [ServiceStamp]

  /// The version of the text that this berth writes.
  private static let version: Int64 = 1

  /// What stands for a stamp that was taken away: nothing that was made is known.
  static let lost = TemplateStamp()

  private init() { (labels, own, services) = ([:], KubernetesWorkload(), []) }

  /// The stamp of some services of a workload.
  init(of services: [Service], _ writing: Writing) {
    labels = writing.workload.labels
    own = writing.own
    self.services = services.map { ServiceStamp(of: $0, writing) }
  }

  /// Reads ``text``; `nil` if this berth can't.
  init?(text: String?) {
    guard let text, let value = try? Value(json: text), value["version"]?.int == Self.version else {
      return nil
    }
    labels = StringMap(
      (value["labels"]?.members ?? []).compactMap { member in
        member.value.string.map { (key: member.key, value: $0) }
      })
    own =
      value["on"].flatMap { try? KubernetesWorkload(json: CanonicalJSON.compact($0)) } ?? KubernetesWorkload()
    var services: [ServiceStamp] = []
    for value in value["services"]?.list ?? [] {
      guard let service = ServiceStamp(value) else { return nil }
      services.append(service)
    }
    self.services = services
  }

  /// As an annotation of a controller or a Job has it.
  var text: String { text(withRun: true) }

  /// As an annotation of a template has it: the same from every run.
  var textOfTemplate: String { text(withRun: false) }

  private func text(withRun: Bool) -> String {
    var members: [Value.Member] = [.init("version", .int(Self.version))]
    if !labels.isUnset { members.append(.init("labels", labels.plain)) }
    if own != KubernetesWorkload() { members.append(.init("on", own.plain)) }
    members.append(.init("services", .list(services.map { $0.plain(withRun: withRun) })))
    return CanonicalJSON.compact(.map(members))
  }

  /// What a service was made from.
  subscript(name: String) -> ServiceStamp? { services.first { $0.spec.name == name } }

  /// What the workload was made from, as far as a template tells.
  func workload(_ name: String, _ kind: WorkloadKind) -> Workload {
    var workload = Workload()
    (workload.name, workload.kind, workload.labels) = (name, kind, labels)
    workload.on[KubernetesWorkload.self] = own
    workload.services = services.map(\.spec)
    return workload
  }
}
