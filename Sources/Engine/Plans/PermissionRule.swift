import Diagnostics
import Planning
import ProviderKit
import WorkloadSpec

/// What a target must allow before a workload may be applied to it.
struct PermissionRule {
  /// The target, for looking.
  let reader: any ProviderReader
  /// The target's name.
  let target: String

  /// What the target does not allow, each permission once, with the line that would allow it.
  func check(_ workload: Workload) -> Diagnostics {
    var diagnostics = Diagnostics()
    let allowed = reader.allowed
    var fields: [Permission: [String]] = [:]
    for service in workload.services {
      for (permission, field) in service.permissions + reader.ownPermissions(of: service)
      where !allowed.contains(permission) {
        fields[permission, default: []].append("`\(field)` of `\(service.name)`")
      }
    }
    let line = Permission.allCases.filter { allowed.contains($0) || fields[$0] != nil }
      .map(\.rawValue).joined(separator: ", ")
    for permission in Permission.allCases {
      guard let places = fields[permission] else { continue }
      diagnostics.report(
        .notAllowed,
        "the target `\(target)` does not allow a workload to \(permission.words): \(places.joined(separator: ", "))",
        help: "if that is meant, say so in berth.yaml, at the target `\(target)`: `allow: [\(line)]`")
    }
    return diagnostics
  }
}
