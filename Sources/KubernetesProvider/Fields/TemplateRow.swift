import KubernetesAPI
import Planning
import ProviderKit
import Values
import WorkloadSpec

/// One field of a service on a cluster: what becomes of it, how it is written into the template of pods, and read back.
struct TemplateRow: Sendable {
  /// Writes a field into a template.
  typealias Write = @Sendable (ServiceWriting, inout PodDraft) -> Void
  /// Reads a field back. Rows are read in their order, so that those of an element's fields find the element.
  typealias Read = @Sendable (ServiceReading, inout ServiceFields) -> Void

  /// What becomes of it.
  let field: FieldRow
  /// How it is written, if it is part of a template.
  let write: Write?
  /// How it is read back.
  let read: Read

  /// A field that the cluster is told, and tells. What a template says costs new pods.
  static func enforced(
    _ path: String, _ words: String, cost: Impact = .replace, write: Write? = nil, read: @escaping Read
  ) -> TemplateRow {
    TemplateRow(
      field: FieldRow("services." + path, .enforced(.engine), cost: cost, words), write: write, read: read)
  }

  /// The same, of a field that another row writes and reads.
  static func within(_ path: String, _ words: String, cost: Impact = .replace) -> TemplateRow {
    .enforced(path, words, cost: cost, read: { _, _ in })
  }

  /// A field that the cluster is told and can't tell.
  static func stamped(
    _ path: String, _ words: String, cost: Impact = .replace, write: Write? = nil, read: @escaping Read
  ) -> TemplateRow {
    TemplateRow(
      field: FieldRow("services." + path, .enforced(.stamp), cost: cost, words), write: write, read: read)
  }

  /// A field that only berth reads.
  static func byBerth(
    _ path: String, _ words: String, cost: Impact = .inPlace, write: Write? = nil, read: @escaping Read
  ) -> TemplateRow {
    TemplateRow(field: FieldRow("services." + path, .byBerth, cost: cost, words), write: write, read: read)
  }

  /// A field that a cluster has nothing for.
  static func recorded(_ path: String, because reason: String, read: @escaping Read) -> TemplateRow {
    TemplateRow(
      field: FieldRow("services." + path, .recorded(because: reason), cost: .inPlace, "nothing"), write: nil,
      read: read)
  }

  /// A field that can't be done without, and that a cluster has nothing for.
  static func refused(
    _ path: String, because reason: String, read: @escaping Read = { _, _ in }
  )
    -> TemplateRow
  {
    TemplateRow(
      field: FieldRow("services." + path, .refused(.providerRefuses), cost: nil, reason), write: nil,
      read: read)
  }
}

/// What a row writes from.
struct ServiceWriting: Sendable {
  /// The workload.
  let writing: Writing
  let service: Service
  /// Where its files and secrets are.
  let config: ConfigNames
  /// In which order the containers start.
  let order: PodOrder

  /// A text of the service that Kubernetes expands.
  func expanded(_ text: String) -> JSON { .string(Expansion.escape(service.texts.fill(text))) }
}

/// What a row reads.
struct ServiceReading: Sendable {
  /// The pod or template.
  let pod: PodReading
  /// The container, or nothing where it is missing.
  let container: JSON
  /// What the service was made from.
  let stamp: ServiceStamp
  /// What was last said of what is changed in place: of a template, the controller has that.
  let applied: Service
  /// Whether it is an init container.
  let isInitial: Bool

  /// What it was made from.
  var stated: Service { stamp.spec }

  /// What the other services of the pod state, and this one does not.
  func others(_ member: KeyPath<ServiceFields, StringSet>) -> Set<String> {
    let others = pod.stamp.services.map(\.spec).filter { $0.name != stated.name }
    return Set(others.flatMap { $0[dynamicMember: member].elements })
      .subtracting(stated[dynamicMember: member].elements)
  }

  /// A text that was stated like this, if it is live; else what is live.
  func live(_ stated: String, _ actual: String) -> String {
    Expansion.escape(self.stated.texts.fill(stated)) == actual ? stated : Expansion.unescape(actual)
  }

  /// What is live of texts that were stated like this.
  func live(_ stated: [String], _ actual: [String]?) -> [String] {
    let actual = actual ?? []
    guard stated.map({ Expansion.escape(self.stated.texts.fill($0)) }) != actual else { return stated }
    return actual.map(Expansion.unescape)
  }
}
