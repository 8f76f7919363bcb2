import KubernetesAPI
import ProviderKit
import WorkloadSpec

/// One field that only Kubernetes knows of a workload: what becomes of it, how it is written into the template, and read
/// back.
struct WorkloadRow: Sendable {
  /// Writes a field into a template.
  typealias Write = @Sendable (Writing, inout PodDraft) -> Void
  /// Reads a field back.
  typealias Read = @Sendable (PodReading, inout KubernetesWorkload) -> Void

  /// What becomes of it.
  let field: FieldRow
  /// How it is written, if it is part of the template.
  let write: Write?
  /// How it is read back.
  let read: Read

  /// A field of the pods.
  static func ofPods(
    _ path: String, _ words: String, write: Write?, read: @escaping Read
  ) -> WorkloadRow {
    WorkloadRow(
      field: FieldRow("on.kubernetes." + path, .enforced(.engine), cost: .replace, words), write: write,
      read: read)
  }

  /// A field of another object than the template, which is changed in place.
  static func besides(_ path: String, _ words: String, read: @escaping Read) -> WorkloadRow {
    WorkloadRow(
      field: FieldRow("on.kubernetes." + path, .enforced(.engine), cost: .inPlace, words), write: nil,
      read: read)
  }

  /// A text of the pods that is not there where it is not stated.
  static func text(
    _ name: String, _ words: String, _ member: WritableKeyPath<KubernetesWorkload, String?> & Sendable,
    at path: [String]
  ) -> WorkloadRow {
    .ofPods(
      name, words,
      write: { writing, draft in
        if let text = writing.own[keyPath: member] { draft.pod[path] = .string(text) }
      },
      read: { reading, own in
        guard reading.stamp.own[keyPath: member] != nil else { return }
        own[keyPath: member] = reading.spec[path]?.string
      })
  }
}
