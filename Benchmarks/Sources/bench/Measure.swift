import Foundation

/// Times several things in turn, round after round, so that a machine whose speed drifts treats them alike.
struct Measure {
  /// Seconds, round by round.
  private(set) var times: [String: [Double]] = [:]

  /// Runs each task in each round, after one round that does not count.
  mutating func run(rounds: Int, _ tasks: [(name: String, body: () -> Int)]) {
    // What was measured before is shown, also where this one ends the program.
    fflush(nil)
    for round in 0...rounds {
      for task in tasks {
        let time = Self.time(task.body, of: task.name)
        if round > 0 { times[task.name, default: []].append(time) }
      }
    }
  }

  private static func time(_ body: () -> Int, of name: String) -> Double {
    var result = 0
    let duration = ContinuousClock().measure { result = body() }
    precondition(result > 0, "\(name) did nothing")
    let parts = duration.components
    return Double(parts.seconds) + Double(parts.attoseconds) / 1e18
  }

  /// The median of a task's times, in seconds.
  func median(_ name: String) -> Double { Self.median(times[name] ?? []) }

  /// The least, median and greatest ratio of one task's time to another's, round by round.
  func ratio(_ name: String, to limit: String) -> (least: Double, median: Double, greatest: Double) {
    let ratios = zip(times[name] ?? [], times[limit] ?? []).map { $0 / $1 }
    return (ratios.min() ?? 0, Self.median(ratios), ratios.max() ?? 0)
  }

  private static func median(_ values: [Double]) -> Double {
    values.isEmpty ? 0 : values.sorted()[values.count / 2]
  }
}

extension Measure {
  /// A row for each task, or for each of those named: its median time, and its ratio to the limit.
  func table(of some: [String]? = nil, against limit: String) -> String {
    let names = (some ?? Array(times.keys)).filter { times[$0] != nil }.sorted { median($0) < median($1) }
    let width = max(20, names.map(\.count).max() ?? 0)
    return names.map { name in
      let ratio = ratio(name, to: limit)
      let label = name + String(repeating: " ", count: width - name.count)
      return
        "  \(label)  \(Self.fixed(median(name) * 1000, 0)) ms  \(Self.fixed(ratio.median, 2)) × (\(Self.fixed(ratio.least, 2)) to \(Self.fixed(ratio.greatest, 2)))"
    }.joined(separator: "\n")
  }

  static func fixed(_ number: Double, _ digits: Int) -> String {
    var scale = 1.0
    for _ in 0..<digits { scale *= 10 }
    let whole = Int((number * scale).rounded())
    guard digits > 0 else { return String(whole) }
    let part = String(whole % Int(scale))
    return "\(whole / Int(scale)).\(String(repeating: "0", count: digits - part.count))\(part)"
  }
}
