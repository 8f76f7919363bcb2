import Diagnostics
import Planning
import WorkloadSpec

/// Which names of a spec a cluster can't have.
enum NameRule {
  /// The longest label, name of a Service, and value of a label.
  private static let longest = 63
  /// The longest name of a stateful set: a label of its pods has it, with eleven characters more.
  private static let longestStatefulSet = 52

  /// Reports the names of a workload that can't be used on a cluster.
  static func check(_ workload: Workload, into diagnostics: inout Diagnostics) {
    checkJoints(workload, &diagnostics)
    checkLengths(workload, &diagnostics)
    let isService = workload.services.contains { !$0.ports.isEmpty } || workload.kind.hasStableInstances
    if isService, workload.name.first?.isNumber == true {
      diagnostics.report(
        .nameBeginsWithDigit,
        "the workload `\(workload.name)` begins with a digit, which no Service of Kubernetes may",
        help: "give it a name that begins with a letter, such as `w\(workload.name)`")
    }
  }

  private static func checkJoints(_ workload: Workload, _ diagnostics: inout Diagnostics) {
    var names = [("workload", workload.name)]
    for service in workload.services {
      names.append(("service", service.name))
      names += service.volumes.map { ("volume", $0.name) }
    }
    var seen: Set<String> = []
    for (what, name) in names
    where name.contains(ObjectNames.joint) && seen.insert("\(what) \(name)").inserted {
      diagnostics.report(
        .jointInName, "the \(what) `\(name)` has `--` in its name, by which names on a cluster are joined",
        help: "give it a name with single hyphens")
    }
  }

  private static func checkLengths(_ workload: Workload, _ diagnostics: inout Diagnostics) {
    func check(_ what: String, _ name: String, _ made: String, _ use: String, limit: Int = longest) {
      guard made.utf8.count > limit else { return }
      let surplus = made.utf8.count - limit
      diagnostics.report(
        .nameTooLong,
        "the name of the \(what) `\(name)` is too long for Kubernetes: \(use) may have \(limit) characters",
        help: "shorten it by \(surplus) \(surplus == 1 ? "character" : "characters")")
    }
    let names = ObjectNames(key: WorkloadKey(name: workload.name))
    if workload.kind.hasStableInstances {
      check("workload", workload.name, workload.name, "a stateful set", limit: longestStatefulSet)
    }
    for service in workload.services {
      if service.role == .before {
        check(
          "service", service.name, names.job(of: service.name),
          "the Job `\(names.job(of: service.name))` of it")
      }
      if service.hasFilesOfSecrets {
        check("service", service.name, ObjectNames.secrets(of: service.name), "the volume of its secrets")
      } else if !service.configFiles.isEmpty {
        check("service", service.name, ObjectNames.files(of: service.name), "the volume of its config files")
      } else if service.resources.shm != nil {
        check(
          "service", service.name, ObjectNames.sharedMemory(of: service.name), "the volume of its `/dev/shm`")
      }
    }
  }
}
