import Foundation
import Testing
import WorkloadSpec

/// The example of three workloads that find each other: the same file on every engine.
@Suite struct ShopExampleTests {
  private static let file = Sandbox.project + "/examples/shop/workload.yaml"

  @Test(
    "A database, a cache and a site of two instances find each other as processes",
    .enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/busybox"), "busybox is not installed")
  )
  func asProcesses() throws {
    let sandbox = try Sandbox()
    try Self.tell(sandbox, []) { instance in
      try sandbox.berth(
        "exec", "web", "--instance", String(instance), "--", "/bin/sh", "-c",
        "busybox wget -q -O - \"http://127.0.0.1:$PORT/cgi-bin/page\"")
    }
    #expect(try sandbox.berth("destroy", "web", "cache", "db", "--volumes", "--yes").status == 0)
  }

  @Test("The same file finds the same in containers", DockerStage.isThere) func inContainers() async throws {
    try await DockerStage().use { engine in
      try Self.tell(
        engine.sandbox,
        ["--config", engine.sandbox.folder + "/berth.yaml", "-n", engine.namespace],
        spec: ["--var", "image=berth-test/busybox:1"]
      ) { instance in
        try engine.berth([
          "exec", "web", "--instance", String(instance), "--", "/bin/sh", "-c",
          "wget -q -O - http://localhost:8080/cgi-bin/page",
        ])
      }
      #expect(try engine.berth(["destroy", "web", "cache", "db", "--volumes", "--yes"]).status == 0)
    }
  }

  @Test("The same file finds the same in pods", KubernetesStage.runsPods) func inPods() async throws {
    try await KubernetesStage().use { cluster in
      try Self.tell(
        cluster.sandbox, ["-n", cluster.namespace], spec: ["--var", "image=\(cluster.image)"]
      ) { instance in
        let pods = try cluster.instances(of: "web")
        try #require(pods.count == 2)
        return try cluster.berth([
          "exec", "web", "--instance", pods[instance], "--", "/bin/sh", "-c",
          "wget -q -O - http://localhost:8080/cgi-bin/page",
        ])
      }
      #expect(try cluster.berth(["destroy", "web", "cache", "db", "--volumes", "--yes"]).status == 0)
      #expect(try await cluster.things() == [])
    }
  }

  /// Tasks of a cluster in memory serve no pages: what is seen here is the order, and what leads where.
  @Test("The same file is a set of jobs that find each other by Nomad's names") func asJobs() async throws {
    try await NomadStage(runsTasks: false).use { cluster in
      func berth(_ arguments: String...) throws -> String {
        let result = try cluster.berth(arguments)
        #expect(result.status == 0, "\(arguments): \(result.output)\(result.errors)")
        return result.output
      }
      let first = try berth("apply", "-f", Self.file, "--yes")
      let done = first.split(separator: "\n").filter { $0.contains("✓ release 1") }.map {
        $0.prefix { $0 != ":" }
      }
      #expect(done.last == "web" && Set(done) == ["db", "cache", "web"], "\(first)")
      #expect(try berth("apply", "-f", Self.file, "--yes").contains("No changes:"))
      let web = cluster.cluster.job("web")?.text ?? ""
      #expect(web.contains("nomadService \\\"db--server--5432\\\""), "\(web)")
      #expect(cluster.cluster.job("db")?.text.contains("db--server--5432") == true)
      let second = try berth("apply", "-f", Self.file, "--yes", "--var", "greeting=Hello")
      #expect(second.contains("» run migrate"), "\(second)")
      let refused = try cluster.berth("destroy", "db", "--yes")
      #expect(refused.status == 1 && refused.errors.contains("E0663"), "\(refused.errors)")
      _ = try berth("destroy", "web", "cache", "db", "--volumes", "--yes")
      #expect(cluster.cluster.jobs == [] && cluster.cluster.breaches == [])
    }
  }

  /// What a stranger does with the example, and sees.
  ///
  /// - Parameters:
  ///   - common: what every command is told.
  ///   - spec: what commands are told that read the files.
  ///   - page: asks an instance of the site for its page.
  private static func tell(
    _ sandbox: Sandbox, _ common: [String], spec: [String] = [], page: (Int) throws -> Sandbox.Result
  ) throws {
    func berth(_ arguments: [String]) throws -> Sandbox.Result {
      let result = try sandbox.berth(arguments + common)
      #expect(result.status == 0, "\(arguments): \(result.output)\(result.errors)")
      return result
    }
    func apply(_ more: String...) throws -> String {
      try berth(["apply", "-f", file, "--yes"] + spec + more).output
    }
    func lines(_ instance: Int) throws -> [String] {
      let result = try page(instance)
      #expect(result.status == 0, "\(result.output)\(result.errors)")
      return result.output.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
    }
    let first = try apply()
    // Each after what it refers to.
    let done = first.split(separator: "\n").filter { $0.contains("✓ release 1") }.map {
      $0.prefix { $0 != ":" }
    }
    #expect(done.last == "web" && Set(done) == ["db", "cache", "web"], "\(first)")
    #expect(try lines(0) == ["rows: Welcome", "visit: 1"])
    #expect(try lines(1) == ["rows: Welcome", "visit: 2"])
    #expect(try apply().contains("No changes:"))
    #expect(try lines(0) == ["rows: Welcome", "visit: 3"])

    // A new database serves the same rows at the same address, and what refers to it goes on.
    let second = try apply("--var", "greeting=Hello")
    #expect(second.contains("web: » run migrate"), "\(second)")
    #expect(try lines(1) == ["rows: Welcome Hello", "visit: 4"])
    #expect(
      try berth(["plan", "-f", file, "--var", "greeting=Hello", "--detailed-exitcode"] + spec).status == 0)
    let refused = try sandbox.berth(["destroy", "db", "--yes"] + common)
    #expect(refused.status == 1 && refused.errors.contains("E0663"), "\(refused.errors)")
  }
}
