import WorkloadSpec

/// When waiting for a service to become ready ends early or without success, and what is said of it then.
public enum Readiness {
  /// How often a process may end before it was ready until that counts as hopeless.
  public static let patience = 3

  /// What is said of a service that ended before it was ready.
  ///
  /// - Parameters:
  ///   - end: how it ended: "exited with code 1".
  ///   - times: how often, if it was started again; 1 if not.
  public static func hopeless(_ end: String, times: Int = 1) -> String {
    "\(end) before it was ready" + (times > 1 ? ", \(times) times" : "")
  }

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
