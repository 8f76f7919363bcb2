import Foundation

/// A cluster of ten nodes, each of which takes its own time to stop, against the slowest of them alone.
enum ClusterSection {
  private static let workers = 9
  /// How long the slowest node takes, in seconds; the other workers take a third of it, and the control plane a tenth.
  private static let slowest = 3.0

  /// - Parameter engine: the engine's address, which is a socket, and on which nothing else goes on.
  static func run(berth: String, engine: String) {
    let environment = ["DOCKER_HOST": engine]
    func perform(_ arguments: String...) -> Int {
      Program.run(berth, ["cluster"] + arguments, environment: environment)
    }
    let calls = EngineCalls(socket: String(engine.dropFirst("unix://".count)), count: workers)
    calls.makeNode("bench-control-plane", role: "control-plane", stoppingWithin: slowest / 10)
    let names = (1...workers).map { "bench-worker\($0 == 1 ? "" : "\($0)")" }
    for (index, name) in names.enumerated() {
      calls.makeNode(name, role: "worker", stoppingWithin: index == 0 ? slowest : slowest / 3)
    }
    print("Clusters: ten nodes, the slowest of which takes \(slowest) s to stop")
    let limit = "call: stop the slowest"
    var measure = Measure()
    measure.run(
      rounds: 5,
      [
        (limit, { calls.stopNode(names[0]) }), ("call: start it", { calls.startNode(names[0]) }),
        ("berth cluster stop", { perform("stop", "bench") }),
        ("berth cluster start", { perform("start", "bench") }),
      ])
    print(measure.table(against: limit), terminator: "\n\n")
    _ = perform("delete", "bench", "--yes")
  }
}
