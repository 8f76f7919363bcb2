import Foundation
import NomadFake
import Testing

/// What a person is told whose cluster, token or spec is not what it must be.
@Suite struct NomadRefusalTests {
  private static let spec = """
    name: shop
    replicas: 2
    services:
      - {name: api, image: 'shop/api:1', command: [/bin/sleep, "86400"], stopGrace: 1s, resources: {memory: 64Mi}}
    """

  /// Asks for a plan, and expects that it is refused.
  private func refused(
    _ stage: NomadStage, _ command: String = "plan", with words: String...,
    line: Testing.SourceLocation = #_sourceLocation
  ) throws {
    try stage.sandbox.write("shop.yaml", Self.spec)
    let result = try stage.berth(command, "-f", "shop.yaml")
    #expect(result.status != 0, "\(result.output)", sourceLocation: line)
    for text in words { #expect(result.errors.contains(text), "\(result.errors)", sourceLocation: line) }
  }

  @Test("Nothing answers at the address") func nothingAnswers() async throws {
    try await NomadStage().use { stage in
      try stage.configure(address: "http://127.0.0.1:1")
      try refused(stage, with: "E0704", "127.0.0.1:1", "Nomad agent")
      #expect(try stage.berth("providers").status == 1)
    }
  }

  @Test("The address is none") func theAddressIsNone() async throws {
    try await NomadStage().use { stage in
      try stage.configure(address: "nomad.example.com:x")
      try refused(stage, with: "E0704", "can't be used", "https://nomad.example.com:4646")
    }
  }

  @Test("Something else answers") func somethingElseAnswers() async throws {
    try await NomadStage().use { stage in
      stage.cluster.fail(.refuse(404, "404 page not found"), times: .max) { _ in true }
      try refused(stage, with: "E0704", "Nomad agent")
    }
  }

  @Test("A configuration that was found leads to no other machine") func foundConfiguration() async throws {
    try await NomadStage().use { stage in
      try stage.configure("token: 'env:SECRET'", address: "https://nomad.example.com:4646")
      stage.sandbox.environment["SECRET"] = "hush"
      try refused(stage, with: "E0712", "nomad.example.com", "--config")
      #expect(stage.cluster.requests.allSatisfy { $0.headers["x-nomad-token"] != "hush" })
    }
  }

  @Test("Servers without variables keep no history") func noVariables() async throws {
    try await NomadStage(version: .v1_1).use { stage in
      for command in ["plan", "apply"] { try refused(stage, command, with: "E0739", "1.4", "`store: local`") }
      #expect(stage.writes == [])
    }
  }

  // MARK: Tokens

  @Test("There is no token") func noToken() async throws {
    try await NomadStage(acl: true).use { stage in
      stage.sandbox.environment["NOMAD_TOKEN"] = nil
      try refused(stage, with: "NOMAD_TOKEN", "none is sent")
    }
  }

  @Test("The token is wrong", arguments: ["1.10", "1.1"]) func wrongToken(_ version: String) async throws {
    try await NomadStage(version: version == "1.1" ? .v1_1 : .v1_10, acl: true).use { stage in
      stage.sandbox.environment["NOMAD_TOKEN"] = "99999999-2222-3333-4444-555555555555"
      try refused(stage, with: "E0704", "ACL token not found", "wrong or has expired")
    }
  }

  @Test("The token has expired") func expiredToken() async throws {
    try await NomadStage(acl: true).use { stage in
      stage.cluster.fail(.refuse(403, "ACL token expired"), times: .max) { _ in true }
      try refused(stage, with: "E0704", "ACL token expired", "wrong or has expired")
    }
  }

  @Test("The token expires while a run is under way") func tokenExpiresMeanwhile() async throws {
    try await NomadStage(acl: true).use { stage in
      stage.cluster.fail(.refuse(403, "ACL token expired"), times: .max) { $0.method == "PUT" }
      try refused(stage, "apply", with: "E0716", "ACL token expired")
      #expect(stage.cluster.jobs == [])
    }
  }

  @Test("The target's token is a secret that has no value") func secretWithoutValue() async throws {
    try await NomadStage(acl: true, target: "token: 'env:NO_SUCH_TOKEN'").use { stage in
      try refused(stage, with: "E0610", "NO_SUCH_TOKEN", "token of the target `cluster`")
      #expect(try stage.berth("providers").output.contains("NO_SUCH_TOKEN"))
    }
  }

  @Test("The target's token is a secret") func secretWithValue() async throws {
    try await NomadStage(acl: true, target: "token: 'env:CLUSTER_TOKEN'").use { stage in
      stage.sandbox.environment["NOMAD_TOKEN"] = nil
      stage.sandbox.environment["CLUSTER_TOKEN"] = FakeNomad.managementToken
      try stage.sandbox.write("shop.yaml", Self.spec)
      let plan = try stage.berth("plan", "-f", "shop.yaml")
      #expect(plan.status == 0, "\(plan.errors)")
    }
  }

  @Test("The token may not read jobs") func mayNotRead() async throws {
    try await NomadStage(acl: true).use { stage in
      stage.cluster.addPolicy(
        "none", #"agent { policy = "read" } namespace "default" { capabilities = ["list-jobs"] }"#)
      stage.sandbox.environment["NOMAD_TOKEN"] = stage.cluster.addToken(["none"])
      try refused(stage, with: "Permission denied")
    }
  }

  @Test("The token may plan and not apply") func mayPlanAlone() async throws {
    try await NomadStage(acl: true).use { stage in
      stage.cluster.addPolicy(
        "plan",
        #"""
        agent { policy = "read" }
        namespace "default" {
          policy = "read"
          variables { path "berth/*" { capabilities = ["read", "list"] } }
        }
        """#)
      stage.sandbox.environment["NOMAD_TOKEN"] = stage.cluster.addToken(["plan"])
      try stage.sandbox.write("shop.yaml", Self.spec)
      let plan = try stage.berth("plan", "-f", "shop.yaml", "--detailed-exitcode")
      #expect(plan.status == 2 && !plan.errors.contains("W0673"), "\(plan.errors)")
      try refused(stage, "apply", with: "E0717", "docs/nomad.md", "berth/locks/shop")
      #expect(stage.cluster.jobs == [] && stage.cluster.variables() == [])
    }
  }

  // MARK: Places

  @Test("The cluster has no such namespace") func noNamespace() async throws {
    try await NomadStage().use { stage in
      try stage.sandbox.write("shop.yaml", Self.spec)
      for command in ["plan", "apply"] {
        let result = try stage.berth(command, "-f", "shop.yaml", "-n", "till")
        #expect(result.status == 1 && result.errors.contains("E0718"), "\(result.errors)")
        #expect(result.errors.contains("nomad namespace apply till"), "\(result.errors)")
      }
      #expect(stage.writes == [])
    }
  }

  @Test("The cluster has no such region") func noRegion() async throws {
    try await NomadStage(target: "region: mars").use { stage in
      stage.cluster.fail(.refuse(500, "No path to region"), times: .max) { $0["region"] == "mars" }
      try refused(stage, with: "E0704", "No path to region", "knows no region \"mars\"")
    }
  }

  @Test("No node has the driver") func noDriver() async throws {
    try await NomadStage(nodes: [FakeNode("a", drivers: ["exec"]), FakeNode("b", drivers: ["exec"])]).use {
      stage in
      try stage.sandbox.write("shop.yaml", Self.spec)
      let plan = try stage.berth("plan", "-f", "shop.yaml", "--detailed-exitcode")
      #expect(plan.status == 2, "\(plan.errors)")
      let said = plan.output + plan.errors
      #expect(
        said.contains("W0673") && said.contains("missing drivers") && said.contains("2 nodes"), "\(said)")
      #expect(said.contains("no client in reach has the driver"), "\(said)")
      #expect(stage.writes == [])
    }
  }

  @Test("No node has room") func noRoom() async throws {
    try await NomadStage(nodes: [FakeNode("a", memory: 100)]).use { stage in
      try stage.sandbox.write("shop.yaml", Self.spec)
      let plan = try stage.berth("plan", "-f", "shop.yaml")
      let said = plan.output + plan.errors
      #expect(
        plan.status == 0 && said.contains("W0673") && said.contains("memory exhausted on 1 node"), "\(said)")
      let applied = try stage.berth("apply", "-f", "shop.yaml", "--timeout", "3s", "--yes")
      #expect(applied.status != 0 && applied.output.contains("memory exhausted"), "\(applied.output)")
      // What a run left without a place is asked about again.
      let again = try stage.berth("plan", "-f", "shop.yaml")
      #expect((again.output + again.errors).contains("W0673"), "\(again.output)\(again.errors)")
    }
  }

  @Test("What is there already, and stays, is not asked about") func whatStaysIsNotAskedAbout() async throws {
    try await NomadStage().use { stage in
      try stage.sandbox.write("shop.yaml", Self.spec)
      #expect(try stage.berth("apply", "-f", "shop.yaml").status == 0)
      let before = stage.cluster.requests.count
      #expect(try stage.berth("plan", "-f", "shop.yaml", "--detailed-exitcode").status == 0)
      #expect(stage.cluster.requests.dropFirst(before).allSatisfy { $0.method == "GET" })
      // A larger one is asked about.
      stage.cluster.changeNodes { $0[0].memory = 150 }
      try stage.sandbox.write("shop.yaml", Self.spec.replacing("memory: 64Mi", with: "memory: 128Mi"))
      let plan = try stage.berth("plan", "-f", "shop.yaml")
      #expect((plan.output + plan.errors).contains("W0673"), "\(plan.output)\(plan.errors)")
    }
  }

  // MARK: Names

  @Test("A name is too long") func tooLongAName() async throws {
    try await NomadStage().use { stage in
      let name = String(repeating: "n", count: 60)
      try stage.sandbox.write(
        "shop.yaml",
        "name: \(name)\nservices: [{name: api, image: 'shop/api:1', ports: [{container: 8080}]}]\n")
      let plan = try stage.berth("plan", "-f", "shop.yaml")
      #expect(
        plan.status == 1 && plan.errors.contains("E0671") && plan.errors.contains("Nomad takes 63"),
        "\(plan.errors)")
    }
  }

  @Test("A job of another client is in the way") func aJobIsInTheWay() async throws {
    try await NomadStage().use { stage in
      var job = try NomadStage.foreignJob()
      job["ID"] = "shop"
      _ = try await stage.client.jobs.register(.init(job), check: .none)
      try refused(stage, with: "E0602", "shop")
      #expect(stage.cluster.job("shop")?["Meta"]?["berth.workload"] == nil)
    }
  }
}
