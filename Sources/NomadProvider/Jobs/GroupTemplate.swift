import Planning
import ProviderKit
import Values
import WorkloadSpec

/// The group of a workload's instances, or of the instance of a service that runs once per run.
struct GroupTemplate {
  /// As it was written.
  let draft: JobDraft
  /// The group as a job has it.
  let json: JSON

  /// Writes a group.
  ///
  /// - Parameters:
  ///   - services: the services whose tasks are in it.
  ///   - job: what its job is called.
  ///   - digests: gives the keyed digests of the values of a service's secrets, by identity.
  init(
    of services: [Service], job: String, _ writing: Writing,
    digests: (Service) -> [String: String]
  ) {
    var draft = JobDraft()
    let table = NomadTable.on(writing.facts)
    let shared = services.filter { !$0.role.isRunToEnd && $0.network.mode == .instance }
    for service in services {
      let secrets = ServiceSecrets(of: service, job: job, writing, digests: digests(service))
      let task = TaskWriting(writing: writing, service: service, job: job, secrets: secrets)
      table.write(task, into: &draft)
      if services.count > 1, writing.facts.driver.runsImages, writing.network.isShared,
        service.network.mode == .instance
      {
        // Siblings are at the loopback address, by their own names, too.
        let names = shared.flatMap { [$0.name] + $0.network.aliases.elements }
        draft.add(hosts: names.filter { service.network.extraHosts[$0] == nil }.map { ($0, "127.0.0.1") })
      }
      draft.endTask(of: service.name)
    }
    table.write(writing, into: &draft)
    Self.checkPorts(of: services, writing, &draft)
    Self.checkLabels(of: writing.workload, &draft)
    let order = TaskOrder(services).names
    json = draft.group(named: JobNames.group, order, mode: writing.network.mode(of: services))
    self.draft = draft
  }

  /// What can't be written.
  ///
  /// - Throws: `ActionFailure` with what a cluster can't be asked for.
  func check() throws(ActionFailure) {
    if let refusal = draft.refusals.first { throw ActionFailure("\(refusal.message): \(refusal.help)") }
  }

  /// Tasks that share a network share its ports.
  private static func checkPorts(of services: [Service], _ writing: Writing, _ draft: inout JobDraft) {
    guard writing.network.isShared else { return }
    var owners: [Int: String] = [:]
    for service in services where !service.role.isRunToEnd && service.network.mode == .instance {
      for number in Set(service.ports.map(\.container)) {
        if let other = owners[number] {
          draft.refuse(
            .sharedByPod,
            "the services `\(other)` and `\(service.name)` both listen on port \(number), and the tasks of an instance share its ports",
            help: "have one of them listen on another port")
        }
        owners[number] = service.name
      }
    }
  }

  private static func checkLabels(of workload: Workload, _ draft: inout JobDraft) {
    for entry in workload.labels.entries where entry.key.hasPrefix(Mark.prefix) {
      draft.refuse(
        "the label `\(entry.key)` is one that berth itself writes on a cluster", help: "use another name")
    }
  }
}
