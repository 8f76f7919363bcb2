import HealthChecks
import WorkloadSpec

extension Readiness {
  /// What is said of a service that was waited for in vain.
  ///
  /// - Parameters:
  ///   - limit: how long it was waited for.
  ///   - last: what the last look at it said.
  public static func missed(by service: Service, within limit: Duration, last: String?) -> String {
    let end = service.role.isRunToEnd ? "did not complete" : "was not ready"
    let time = SpecDuration(milliseconds: Int64(limit / .milliseconds(1)))
    return "\(end) within \(time)" + (last.map { ": \($0)" } ?? "")
  }
}
