import Testing
import WorkloadSpec

/// Every graph that four services can make: what waits for itself is found, and nothing else is called a cycle.
@Suite struct DependencyCycleTests {
  private static let edges = (0..<4).flatMap { from in (0..<4).compactMap { from == $0 ? nil : (from, $0) } }

  @Test("Cycles are found and nothing else", arguments: 0..<8)
  func cyclesAreFoundAndNothingElse(_ part: Int) {
    for graph in (0..<(1 << 12)) where graph % 8 == part {
      let chosen = Self.edges.indices.filter { graph & (1 << $0) != 0 }.map { Self.edges[$0] }
      var text = "name: a\nservices:\n"
      for service in 0..<4 {
        let targets = chosen.filter { $0.0 == service }.map { "s\($0.1)" }.joined(separator: ", ")
        text += "- {name: s\(service), role: \(service == 0 ? "main" : "sidecar"), command: [x]"
        text += ", dependsOn: [\(targets)]}\n"
      }
      let diagnostics = Loaded(text).result.diagnostics
      let cycles = diagnostics.filter { $0.code == .dependencyCycle }
      #expect(cycles.isEmpty == !Self.hasCycle(chosen), "\(text)")
      #expect(cycles.count == diagnostics.count, "\(text)")
      for cycle in cycles {
        let path = (cycle.message.split(separator: ": ").last ?? "").split(separator: " → ")
        #expect(path.count > 2 && path.first == path.last, "\(cycle.message)")
        for (from, to) in zip(path, path.dropFirst()) {
          #expect(chosen.contains { "s\($0.0)" == from && "s\($0.1)" == to }, "\(cycle.message)")
        }
      }
    }
  }

  /// Whether something reaches itself, by Warshall's algorithm.
  private static func hasCycle(_ edges: [(Int, Int)]) -> Bool {
    var reaches = Array(repeating: Array(repeating: false, count: 4), count: 4)
    for (from, to) in edges { reaches[from][to] = true }
    for middle in 0..<4 {
      for from in 0..<4 where reaches[from][middle] {
        for to in 0..<4 where reaches[middle][to] { reaches[from][to] = true }
      }
    }
    return (0..<4).contains { reaches[$0][$0] }
  }
}
