import Planning
import ProviderKit
import Values
import WorkloadSpec

/// One field of a service on a cluster: what becomes of it, how it is written into the job, and read back.
struct TaskRow: Sendable {
  /// Writes a field into a job.
  typealias Write = @Sendable (TaskWriting, inout JobDraft) -> Void
  /// Reads a field back. Rows are read in their order, so that those of an element's fields find the element.
  typealias Read = @Sendable (TaskReading, inout ServiceFields) -> Void

  /// What becomes of it.
  var field: FieldRow
  /// How it is written, if it is part of a job.
  var write: Write?
  /// How it is read back.
  var read: Read

  /// The path of the field in a service.
  var path: String { String(field.path.dropFirst("services.".count)) }

  /// A field that the cluster is told, and tells. What changes of a task takes a new one.
  static func enforced(
    _ path: String, _ words: String, cost: Impact = .replace, write: Write? = nil, read: @escaping Read
  ) -> TaskRow {
    TaskRow(
      field: FieldRow("services." + path, .enforced(.engine), cost: cost, words), write: write, read: read)
  }

  /// The same, of a field that another row writes and reads.
  static func within(_ path: String, _ words: String, cost: Impact = .replace) -> TaskRow {
    .enforced(path, words, cost: cost, read: { _, _ in })
  }

  /// A field that the cluster is told and can't tell.
  static func stamped(
    _ path: String, _ words: String, cost: Impact = .replace, write: Write? = nil, read: @escaping Read
  ) -> TaskRow {
    TaskRow(
      field: FieldRow("services." + path, .enforced(.stamp), cost: cost, words), write: write, read: read)
  }

  /// A field that only berth reads.
  static func byBerth(
    _ path: String, _ words: String, cost: Impact = .inPlace, write: Write? = nil, read: @escaping Read
  ) -> TaskRow {
    TaskRow(field: FieldRow("services." + path, .byBerth, cost: cost, words), write: write, read: read)
  }

  /// A field that a cluster has nothing for.
  static func recorded(_ path: String, because reason: String, read: @escaping Read) -> TaskRow {
    TaskRow(
      field: FieldRow("services." + path, .recorded(because: reason), cost: .inPlace, "nothing"), write: nil,
      read: read)
  }

  /// A field that can't be done without, and that a cluster has nothing for.
  static func refused(_ path: String, because reason: String, read: @escaping Read = { _, _ in }) -> TaskRow {
    TaskRow(
      field: FieldRow("services." + path, .refused(.providerRefuses), cost: nil, reason), write: nil,
      read: read)
  }
}

/// What a row writes from.
struct TaskWriting: Sendable {
  /// The workload.
  let writing: Writing
  let service: Service
  /// The job that the task is part of.
  let job: String
  /// Where its secrets are.
  let secrets: ServiceSecrets

  /// What only Nomad knows of the service.
  var own: NomadService { service.on[NomadService.self] }
  /// What it is run with.
  var driver: NomadDriver { writing.facts.driver }

  /// A text of the service, taken apart.
  func text(_ text: String) -> SpecText { SpecText(text, of: service, in: writing.network) }

  /// A text of the service as an option of a driver.
  func option(_ text: String) -> JSON { .string(self.text(text).option ?? "") }

  /// Texts of the service as an option of a driver.
  func options(_ texts: [String]) -> JSON { .array(texts.map(option)) }

  /// The files that the service is given.
  var files: [RenderedFile] { RenderedFile.all(of: service, writing, secrets) }

  /// The variables that the service is given.
  var variables: TaskVariables { TaskVariables(of: service, writing, secrets) }
}

/// What a row reads.
struct TaskReading: Sendable {
  /// The job.
  let job: GroupReading
  /// The task, or nothing where it is missing.
  let task: JSON
  /// What the service was made from.
  let stamp: ControllerServiceStamp
  /// What was last said of what is changed in place.
  let applied: Service

  /// The service that it was made from.
  var stated: Service { stamp.spec }
  /// What only Nomad was told of it.
  var own: NomadService { stated.on[NomadService.self] }
  /// What it is run with.
  var driver: NomadDriver { job.writing.facts.driver }

  /// An option of the driver.
  func option(_ name: String) -> JSON? { task.at("Config", name) }

  /// How the service was written.
  var writing: TaskWriting {
    TaskWriting(
      writing: job.writing, service: stated, job: job.id,
      secrets: ServiceSecrets(of: stated, job: job.id, job.writing, digests: stamp.secretDigests))
  }

  /// What is live of texts that were stated, and that stand among the driver's options.
  func live(_ stated: [String], _ live: JSON?) -> [String] {
    let texts = live?.list ?? []
    if .texts(texts) == writing.options(stated) { return stated }
    return texts.map(SpecText.unescapeOption)
  }

  /// What is live of a text that was stated, and that stands among the driver's options.
  func live(_ stated: String?, _ live: JSON?) -> String? {
    guard let text = live?.string else { return nil }
    if let stated, writing.option(stated).string == text { return stated }
    return SpecText.unescapeOption(text)
  }
}

/// A group of a job, as it is read back.
struct GroupReading: Sendable {
  /// The job's name.
  let id: String
  /// The whole job.
  let json: JSON
  /// The group.
  let group: JSON
  /// What it was made from.
  let stamp: JobStamp
  /// What was last said of what is changed in place.
  let applied: JobStamp
  /// How it would be written.
  let writing: Writing

  /// The task of a service.
  func task(_ name: String) -> JSON? { group["Tasks"]?.array?.first { $0["Name"]?.string == name } }

  /// The network of its instances.
  var network: JSON? { group["Networks"]?.array?.first }

  /// The services that others find.
  var services: [JSON] { group["Services"]?.array ?? [] }
}
