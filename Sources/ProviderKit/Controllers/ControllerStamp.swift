import Planning
import Values
import WorkloadSpec

/// What berth writes on a template, or on a controller, of the workload that it was made from.
package struct ControllerStamp<Own: EngineObject>: Sendable, Equatable {
  /// The labels of the workload.
  package var labels: StringMap
  /// What only the engine knows of the workload.
  package var own: Own
  /// What the services were made from, in the order of the spec.
  package var services: [ControllerServiceStamp]

  /// The version of the text that this berth writes.
  private static var version: Int64 { 1 }

  /// What stands for a stamp that was taken away: nothing that was made is known.
  package static var lost: ControllerStamp { ControllerStamp() }

  private init() { (labels, own, services) = ([:], Own(), []) }

  /// The stamp of some services of a workload.
  package init(of services: [ControllerServiceStamp], in workload: Workload) {
    labels = workload.labels
    own = workload.on[Own.self]
    self.services = services
  }

  /// Reads ``text``; `nil` if this berth can't.
  package init?(text: String?) {
    guard let text, let value = try? Value(json: text), value["version"]?.int == Self.version else {
      return nil
    }
    labels = StringMap(
      (value["labels"]?.members ?? []).compactMap { member in
        member.value.string.map { (key: member.key, value: $0) }
      })
    own =
      value["on"].flatMap { try? Own(json: CanonicalJSON.compact($0)) } ?? Own()
    var services: [ControllerServiceStamp] = []
    for value in value["services"]?.list ?? [] {
      guard let service = ControllerServiceStamp(value) else { return nil }
      services.append(service)
    }
    self.services = services
  }

  /// As an annotation of a controller or a Job has it.
  package var text: String { text(withRun: true) }

  /// As an annotation of a template has it: the same from every run.
  package var textOfTemplate: String { text(withRun: false) }

  private func text(withRun: Bool) -> String {
    var members: [Value.Member] = [.init("version", .int(Self.version))]
    if !labels.isUnset { members.append(.init("labels", labels.plain)) }
    if own != Own() { members.append(.init("on", own.plain)) }
    members.append(.init("services", .list(services.map { $0.plain(withRun: withRun) })))
    return CanonicalJSON.compact(.map(members))
  }

  /// What a service was made from.
  package subscript(name: String) -> ControllerServiceStamp? { services.first { $0.spec.name == name } }

  /// What the workload was made from, as far as a template tells.
  package func workload(_ name: String, _ kind: WorkloadKind) -> Workload {
    var workload = Workload()
    (workload.name, workload.kind, workload.labels) = (name, kind, labels)
    workload.on[Own.self] = own
    workload.services = services.map(\.spec)
    return workload
  }
}
