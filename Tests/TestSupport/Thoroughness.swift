import Foundation

/// How much of what can be tried is tried.
public enum Thoroughness {
  /// Whether everything is: `make test-thorough` asks for it. Else the largest fields are sampled.
  public static let isFull = ProcessInfo.processInfo.environment["BERTH_TEST_THOROUGH"] != nil

  /// The part of a very large field that is tried, and how many parts all of it has: `BERTH_TEST_PART=3/20` asks for the third
  /// of twenty. `nil` if none is asked for.
  public static let part: (number: Int, of: Int)? = {
    let words = ProcessInfo.processInfo.environment["BERTH_TEST_PART"]?.split(separator: "/").compactMap {
      Int($0)
    }
    guard let words, words.count == 2, words[1] > 0, (1...words[1]).contains(words[0]) else { return nil }
    return (words[0], words[1])
  }()
}
