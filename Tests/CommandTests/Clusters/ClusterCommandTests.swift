import Foundation
import Testing

/// `berth cluster` on a real engine.
@Suite(.serialized, DockerStage.isThere) struct ClusterCommandTests {
  private let cluster: ClusterStage
  init() async throws { cluster = try await ClusterStage() }

  @Test("a cluster is listed, stopped, started and deleted by its whole name")
  func wholeLife() async throws {
    try await cluster.use { cluster in
      let name = cluster.name
      try await cluster.make(name, workers: 2)
      try await cluster.make("\(name)-b", workers: 1)
      #expect(try cluster.rows().map { $0["cluster"]?.string } == [name, "\(name)-b"])
      #expect(try cluster.rows().map { $0["ready"] } == [3, 2])
      #expect(try cluster.berth("status \(name)").output.contains("running, 3 of 3 nodes ready"))
      let nodes = try cluster.berth("nodes \(name) --format json").json["nodes"]?.list ?? []
      #expect(nodes.map { $0["role"] } == ["control-plane", "worker", "worker"])

      let stopped = try cluster.berth("stop \(name)")
      #expect(
        stopped.status == 0 && stopped.output.contains("stopped, 0 of 3 nodes ready"), "\(stopped.errors)")
      #expect(try cluster.berth("stop \(name)").output.contains("is stopped already"))
      #expect(try cluster.rows().map { $0["phase"] } == ["stopped", "running"])
      let started = try cluster.berth("start \(name) --format json")
      #expect(started.status == 0, "\(started.errors)")
      #expect(try started.json["items"]?.list?.first?["name"] == .string("\(name)-control-plane"))
      #expect(try started.json["status"]?["phase"] == "running")

      for code in ["E1003": "status \(name)-", "E0707": "delete \(name)"] {
        let refused = try cluster.berth(code.value)
        #expect(refused.status == 1 && refused.errors.contains(code.key), "\(refused.errors)")
      }
      let deleted = try cluster.berth("delete \(name) --yes")
      #expect(deleted.status == 0 && deleted.output.contains("Deleted the cluster"), "\(deleted.errors)")
      #expect(try cluster.berth("delete \(name) --yes").errors.contains("E1003"))
      #expect(try cluster.rows().map { $0["cluster"]?.string } == ["\(name)-b"])
      #expect(try cluster.rows()[0]["belongings"]?.list?.count == 2)
    }
  }

  @Test("a target that can't be asked keeps no other's clusters from being shown")
  func allTargets() async throws {
    try await cluster.use { cluster in
      let name = cluster.name
      try await cluster.make(name, workers: 0)
      let configuration = cluster.stage.sandbox.contents("berth.yaml") ?? ""
      try cluster.stage.sandbox.write(
        "berth.yaml", configuration + "  silent: {provider: docker, host: \"unix:///no/such.sock\"}\n")
      let result = try cluster.berth("list --all-targets")
      #expect(result.status == 1 && result.errors.contains("E1002"))
      #expect(result.output.contains(name) && result.output.contains("TARGET"))
    }
  }

  @Test("a cluster that has only networks and volumes left can be deleted and not started")
  func withoutNodes() async throws {
    try await cluster.use { cluster in
      let name = cluster.name
      try await cluster.make(name, workers: 0)
      try await cluster.client.containers.remove("\(name)-control-plane", force: true)
      for verb in ["start", "stop", "nodes"] {
        let result = try cluster.berth("\(verb) \(name)")
        #expect(result.status == 1 && result.errors.contains("E1001"), "\(result.errors)")
      }
      #expect(try cluster.rows().map { $0["phase"] } == ["degraded"])
      #expect(try cluster.berth("delete \(name) --yes").status == 0)
      #expect(try cluster.rows() == [])
    }
  }

  @Test("a deletion that was killed in the middle is taken up by the same command")
  func killedDelete() async throws {
    try await cluster.use { cluster in
      let name = cluster.name
      // On a busy machine it may be over before it can be killed: then it is tried anew.
      var isKilled = false
      for _ in 0..<5 where !isKilled {
        try await cluster.make(name, workers: 7)
        let process = try cluster.stage.sandbox.start(
          ["cluster", "delete", name, "--yes", "--parallelism", "1"], transcript: "said")
        while process.isRunning, cluster.stage.sandbox.contents("said")?.contains("✓") != true {
          usleep(2000)
        }
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
        isKilled = process.terminationReason == .uncaughtSignal
      }
      try #require(isKilled, "it was over before it was killed")
      let left = try #require(try cluster.rows().first)
      #expect(left["total"]?.int ?? 8 < 8)
      let again = try cluster.berth("delete \(name) --yes")
      #expect(again.status == 0, "\(again.errors)")
      #expect(try cluster.rows() == [])
    }
  }
}
