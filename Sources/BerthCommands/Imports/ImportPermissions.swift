import DockerProvider
import ProviderKit
import SpecImport
import WorkloadSpec

/// What a target must allow before imported workloads may be applied to it.
enum ImportPermissions {
  /// Tells it, with the line for berth.yaml, and writes it into the comment of each spec that needs it.
  static func tell(in result: inout ImportResult) {
    var all: Set<Permission> = []
    for index in result.workloads.indices {
      let needed = permissions(of: result.workloads[index].workload)
      guard !needed.isEmpty else { continue }
      result.workloads[index].addComment("Its target must allow it, in berth.yaml: \(line(needed))")
      all.formUnion(needed)
    }
    guard !all.isEmpty else { return }
    let words = Permission.allCases.filter { all.contains($0) }.map(\.words).joined(separator: "; ")
    result.diagnostics.report(
      .importNeedsPermission,
      "\(result.workloads.count == 1 ? "the workload" : "the workloads") may be applied where a target allows it to \(words)",
      help: "if that is meant, say so in berth.yaml, at the target: `\(line(all))`")
  }

  private static func permissions(of workload: Workload?) -> Set<Permission> {
    let services = workload?.services ?? []
    return Set(services.flatMap { ($0.permissions + DockerFields.permissions(of: $0)).map(\.permission) })
  }

  private static func line(_ permissions: Set<Permission>) -> String {
    let names = Permission.allCases.filter { permissions.contains($0) }.map(\.rawValue)
    return "allow: [\(names.joined(separator: ", "))]"
  }
}
