import Testing
import WorkloadSpec

/// The examples of environments and of many workloads, as their first lines say to run them.
@Suite struct ExamplesTests {
  let sandbox: Sandbox

  init() throws { sandbox = try Sandbox() }

  /// What a command is told to read, and where it is applied.
  func environment(_ name: String) -> [String] {
    let folder = Sandbox.project + "/examples/environments"
    return ["-f", folder + "/base.yaml", "-f", folder + "/\(name).yaml", "-n", name]
  }

  @Test("Environments differ by what their files say") func environmentsDifferByWhatTheirFilesSay() throws {
    for name in ["staging", "prod"] {
      let applied = try sandbox.berth(["apply"] + environment(name))
      #expect(applied.status == 0, "\(applied.output)\(applied.errors)")
    }
    func said(_ name: String, _ text: String) throws -> Bool {
      try eventually { try sandbox.berth("logs", "shop", "-n", name).output.contains(text) }
    }
    #expect(try said("staging", "debug: 1 workers, preview: yes"))
    #expect(try said("staging", "mail goes nowhere"))
    #expect(try said("prod", "info: 4 workers, preview: no"))
    #expect(try said("prod", "mail goes out"))
    let production = try sandbox.berth(
      "list", "--all-namespaces", "--label", "tier=production", "--format", "json")
    let listed = try production.json["workloads"]?.list ?? []
    #expect(listed.map { $0["namespace"] } == ["prod"] && listed.first?["instances"]?.int == 2)
    // One environment is not the other's business.
    let change = try sandbox.berth(["plan", "--detailed-exitcode"] + environment("staging"))
    #expect(change.status == 0, "\(change.output)")
  }

  @Test("Many workloads are a set") func manyWorkloadsAreASet() throws {
    let many = Sandbox.project + "/examples/many"
    let applied = try sandbox.berth("apply", "-f", many, "--set", "stores")
    #expect(applied.status == 0, "\(applied.output)\(applied.errors)")
    func names() throws -> [String?] {
      try sandbox.berth("list", "--format", "json").json["workloads"]?.list?.map { $0["workload"]?.string }
        ?? []
    }
    #expect(try names() == ["reports", "stock", "till"])
    #expect(try sandbox.berth("apply", "-f", many, "--set", "stores").output.contains("No changes:"))
    let pruned = try sandbox.berth(
      "apply", "-f", many + "/stores.yaml", "--set", "stores", "--prune", "--yes")
    #expect(pruned.status == 0, "\(pruned.output)\(pruned.errors)")
    #expect(try names() == ["stock", "till"])
  }
}
