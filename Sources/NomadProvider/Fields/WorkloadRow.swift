import ProviderKit
import Values
import WorkloadSpec

/// One field that only Nomad knows of a workload: what becomes of it, how it is written into the job, and read back.
struct WorkloadRow: Sendable {
  /// Writes a field into a job.
  typealias Write = @Sendable (Writing, inout JobDraft) -> Void
  /// Reads a field back.
  typealias Read = @Sendable (GroupReading, inout NomadWorkload) -> Void

  /// What becomes of it.
  let field: FieldRow
  /// How it is written, if it is part of a job by itself.
  let write: Write?
  /// How it is read back.
  let read: Read

  init(
    _ path: String, _ words: String, cost: Impact, write: Write? = nil, read: @escaping Read
  ) {
    field = FieldRow("on.nomad." + path, .enforced(.engine), cost: cost, words)
    (self.write, self.read) = (write, read)
  }
}
