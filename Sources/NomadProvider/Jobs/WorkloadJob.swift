import Planning
import ProviderKit
import Values
import WorkloadSpec

/// What a workload becomes on a cluster: a job, and for each service with secrets a variable.
struct WorkloadJob: Sendable {
  /// The job.
  var json: JSON
  /// What the variables of services hold, by path; they are there before the job is.
  let variables: [String: [String: String]]

  /// Makes them.
  ///
  /// - Throws: `ActionFailure` if a secret has no usable value, or for what a cluster can't be asked for.
  init(_ writing: Writing) throws(ActionFailure) {
    let services = writing.workload.services
    variables = try Self.variables(of: services, job: writing.names.job, writing)
    let context = writing.context
    let group = GroupTemplate(of: services, job: writing.names.job, writing) {
      context.secretDigests(of: $0)
    }
    try group.check()
    json = Self.json(group, JobStamp(of: services, writing), writing)
  }

  /// The job as it was made by a stamp, as far as that can be told without the values of secrets: to compare with, not to be
  /// written.
  static func made(_ stamp: JobStamp, _ writing: Writing) -> JSON {
    let group = GroupTemplate(of: writing.workload.services, job: writing.names.job, writing) {
      stamp[$0.name]?.secretDigests ?? [:]
    }
    return json(group, stamp, writing)
  }

  /// The job as it is going to be, without the values of secrets: to ask about, not to be written.
  static func outline(_ writing: Writing) -> JSON {
    made(JobStamp(of: writing.workload.services, writing), writing)
  }

  private static func json(_ group: GroupTemplate, _ stamp: JobStamp, _ writing: Writing) -> JSON {
    var job = JobFrame.json(id: writing.names.job, type: "service", .controller, group.draft, writing)
    var instances = group.json
    instances["Count"] = .int(Int64(writing.replicas > 0 ? writing.replicas + writing.rollout.surplus : 0))
    instances["Update"] = UpdateText(writing.own, writing.workload.services).json(writing.rollout)
    job["TaskGroups"] = [instances, JobFrame.marks(stamp, writing)]
    return job
  }

  /// What the variables of services hold, by path.
  static func variables(
    of services: [Service], job: String, _ writing: Writing
  ) throws(ActionFailure) -> [String: [String: String]] {
    var variables: [String: [String: String]] = [:]
    let context = writing.context
    for service in services where !service.secretUses.isEmpty {
      guard context.digestKey != nil else {
        throw ActionFailure("the target has no key for digests of what is secret")
      }
      let items = SecretItems(of: service, context.secretDigests(of: service))
      let contents = try items.contents(context)
      if writing.facts.has(.variables) {
        variables[JobNames.variable(of: service.name, in: job)] = contents
      } else {
        try checkText(of: service, context)
      }
    }
    return variables
  }

  /// A job is a text: what is no text can't be in it.
  private static func checkText(of service: Service, _ context: ActionContext) throws(ActionFailure) {
    for use in service.secretUses
    where String(validating: try context.secret(use.key).bytes, as: UTF8.self) == nil {
      throw ActionFailure(
        "the secret `\(use.key)` holds bytes that no job of Nomad can hold; Nomad 1.4 keeps it in a variable")
    }
  }
}

/// What every job of berth's has.
enum JobFrame {
  /// A job without its groups.
  static func json(id: String, type: String, _ part: Part, _ draft: JobDraft, _ writing: Writing) -> JSON {
    var job: JSON = [
      "ID": .string(id), "Name": .string(id), "Namespace": .string(writing.key.namespace),
      "Type": .string(type),
    ]
    let named = writing.target.datacenters.elements
    let all = writing.facts.has(.anyDatacenter) ? ["*"] : ["dc1"]
    job["Datacenters"] = .texts(named.isEmpty ? all : named)
    if let pool = writing.target.nodePool, writing.facts.has(.nodePools) { job["NodePool"] = .string(pool) }
    for member in draft.job.members ?? [] { job[member.key] = member.value }
    for entry in writing.workload.labels.entries { job[["Meta", entry.key]] = .string(entry.value) }
    job[["Meta", Mark.workload]] = .string(writing.key.name)
    job[["Meta", Mark.part]] = .string(part.rawValue)
    return job
  }

  /// The group that holds berth's marks. No instance of it is ever wanted, and no node could take one.
  static func marks(_ stamp: JobStamp, _ writing: Writing) -> JSON {
    let strategy = StatedStrategy(writing.workload.strategy, isOneAtATime: writing.isOneAtATime)
    return [
      "Name": .string(JobNames.marks), "Count": 0,
      "Meta": .texts([
        Mark.services: stamp.text, Mark.template: stamp.textOfTemplate, Mark.strategy: strategy.text,
        Mark.kind: writing.workload.kind.rawValue, Mark.replicas: "\(writing.replicas)",
        Mark.run: writing.run.description,
      ]),
      "Constraints": [["LTarget": "${node.unique.id}", "RTarget": "none", "Operand": "="]],
      "Tasks": [
        [
          "Name": .string(JobNames.marks), "Driver": .string(NomadDriver.rawExec.rawValue),
          "Config": ["command": "/bin/false"],
        ]
      ],
    ]
  }
}

extension JSON {
  /// The group of a job with a name.
  func group(_ name: String) -> JSON? { self["TaskGroups"]?.array?.first { $0["Name"]?.string == name } }

  /// What berth wrote on a job.
  var marks: [String: String] { group(JobNames.marks)?["Meta"]?.strings ?? [:] }

  /// Changes the group of a job with a name.
  mutating func changeGroup(_ name: String, _ change: (inout JSON) -> Void) {
    guard var groups = self["TaskGroups"]?.array,
      let index = groups.firstIndex(where: { $0["Name"]?.string == name })
    else { return }
    change(&groups[index])
    self["TaskGroups"] = .array(groups)
  }
}
