import Planning
import WorkloadSpec

/// What differs between two snapshots, in one line: `api: image, env.LOG_LEVEL; + envoy; replicas`.
enum ChangeSummary {
  /// How many fields of a service, and how many services, are named before the rest is only counted.
  private static let most = 3

  static func text(_ diff: SnapshotDiff) -> String {
    guard !diff.isEmpty else { return "no change" }
    let services = diff.services.map { service in
      let name = SafeText.line(service.name)
      return switch service.fate {
      case .added: "+ \(name)"
      case .removed: "- \(name)"
      case .changed: "\(name): \(some(service.changes.map { SafeText.line($0.path) }, "more"))"
      }
    }
    var parts = services.isEmpty ? [] : [some(services, "more services", separator: "; ")]
    if !diff.workloadChanges.isEmpty {
      parts.append(diff.workloadChanges.map { SafeText.line($0.path) }.joined(separator: ", "))
    }
    return parts.joined(separator: "; ")
  }

  private static func some(_ words: [String], _ rest: String, separator: String = ", ") -> String {
    guard words.count > most + 1 else { return words.joined(separator: separator) }
    return words.prefix(most).joined(separator: separator) + " and \(words.count - most) \(rest)"
  }
}
