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
}
