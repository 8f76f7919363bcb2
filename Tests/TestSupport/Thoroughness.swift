import Foundation

/// How much of what can be tried is tried.
public enum Thoroughness {
  /// Whether everything is: `make test-thorough` asks for it. Else the largest fields are sampled.
  public static let isFull = ProcessInfo.processInfo.environment["BERTH_TEST_THOROUGH"] != nil
}
