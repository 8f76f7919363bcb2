import Foundation
import NomadFake
import Testing
import Values

@testable import NomadProvider

/// What a person sees who runs workloads on a Nomad cluster. The end-to-end story tells the rest.
@Suite struct NomadCommandTests {
  private static func spec(
    _ name: String = "shop", replicas: Int? = 2, tag: String = "1.0", more: String = ""
  ) -> String {
    """
    name: \(name)
    \(replicas.map { "replicas: \($0)" } ?? "")
    services:
      - name: api
        image: shop/api:\(tag)
        command: [/bin/sh, -c, 'echo "started \(tag)"; trap "exit 0" TERM; while :; do sleep 1 & wait $!; done']
        stopGrace: 1s
        resources: {cpu: 100m, memory: 64Mi}
    \(more)
    """
  }

  @Test("A plan shows the job and writes nothing") func aPlanWritesNothing() async throws {
    try await NomadStage().use { stage in
      try stage.sandbox.write("shop.yaml", Self.spec())
      let plan = try stage.berth("plan", "-f", "shop.yaml", "--detailed-exitcode")
      #expect(plan.status == 2, "\(plan.output)\(plan.errors)")
      #expect(plan.output.contains("+ create") && plan.output.contains("shop/api:1.0"), "\(plan.output)")
      #expect(stage.writes == [] && stage.cluster.jobs == [] && stage.cluster.variables() == [])
    }
  }

  @Test("A workload is applied, looked at, operated and taken away") func aLife() async throws {
    try await NomadStage().use { stage in
      func run(_ arguments: String..., status: Int32 = 0, says: String...) throws -> String {
        let result = try stage.berth(arguments)
        #expect(result.status == status, "\(arguments): \(result.output)\(result.errors)")
        for text in says {
          #expect(
            (result.output + result.errors).contains(text), "\(arguments): \(result.output)\(result.errors)")
        }
        return result.output
      }
      try stage.sandbox.write("shop.yaml", Self.spec(replicas: nil))
      _ = try run("apply", "-f", "shop.yaml", says: "✓ release 1")
      _ = try run("apply", "-f", "shop.yaml", says: "No changes:")
      _ = try run("status", "shop", says: "ready")
      let ids = try stage.instances(of: "shop")
      #expect(ids.count == 1 && ids[0].count == 8, "\(ids)")
      #expect(try eventually { try stage.berth("logs", "shop").output.contains("started 1.0") })
      _ = try run("scale", "shop", "--replicas", "3", "--yes", says: "✓ release 2")
      #expect(try stage.instances(of: "shop").count == 3)
      _ = try run("plan", "-f", "shop.yaml", says: "No changes:")

      _ = try run("stop", "shop", "--yes")
      #expect(stage.cluster.running("shop").isEmpty)
      _ = try run("start", "shop", "--yes")
      #expect(try stage.instances(of: "shop").count == 3)
      let before = try stage.instances(of: "shop")
      _ = try run("restart", "shop", "--yes")
      let after = try stage.instances(of: "shop")
      #expect(after.count == 3 && Set(after).isDisjoint(with: before))

      _ = try run("suspend", "shop", "--reason", "stocktaking", "--yes")
      _ = try run("apply", "-f", "shop.yaml", status: 1, says: "E0612", "stocktaking")
      _ = try run("unsuspend", "shop", "--yes")

      try await stage.change("shop") { job in
        job.changeGroup("instance") { $0["Count"] = 2 }
      }
      #expect(eventually { stage.cluster.running("shop").count == 2 })
      _ = try run("drift", "shop", "--detailed-exitcode", status: 2, says: "replicas")
      // A number that the spec leaves open is the job's, and so an autoscaler's.
      _ = try run("apply", "-f", "shop.yaml", says: "No changes:")
      #expect(stage.cluster.running("shop").count == 2)

      try stage.sandbox.write("shop.yaml", Self.spec(replicas: nil, tag: "1.1"))
      _ = try run("plan", "-f", "shop.yaml", "--out", "plan.json", says: "shop/api:1.1")
      let saved = try stage.sandbox.berth("apply", "plan.json", "--yes")
      #expect(saved.status == 0, "\(saved.output)\(saved.errors)")
      #expect(try eventually { try stage.berth("logs", "shop").output.contains("started 1.1") })
      _ = try run("rollback", "shop", "--yes", says: "shop/api:1.0")
      #expect(try run("history", "shop").contains("restores release"))
      let answer = try stage.berth(
        ["exec", "shop", "--", "sh", "-c", "cat; echo $BERTH_SERVICE; exit 7"], input: "in ")
      #expect(answer.status == 7 && answer.output == "in api\n", "\(answer.output)\(answer.errors)")
      _ = try run("usage", "shop", says: "api")
      _ = try run("destroy", "shop", "--yes")
      #expect(stage.cluster.jobs == [])
      #expect(stage.cluster.breaches == [])
    }
  }

  @Test("Targets are shown, and workloads of all namespaces") func whatThereIs() async throws {
    try await NomadStage(target: "region: eu").use { stage in
      let providers = try stage.berth("providers")
      #expect(providers.status == 0, "\(providers.output)\(providers.errors)")
      let json = try stage.berth("providers", "-t", "cluster", "--format", "json").json
      let shown = json["targets"]?.list?.first
      #expect(shown?["version"]?.string == "1.10.2" && shown?["region"]?.string == "eu", "\(json)")
      stage.cluster.addNamespace("till")
      try stage.sandbox.write("shop.yaml", Self.spec(replicas: 1))
      try stage.sandbox.write("till.yaml", Self.spec("till", replicas: 1))
      #expect(try stage.berth("apply", "-f", "shop.yaml").status == 0)
      let applied = try stage.berth("apply", "-f", "till.yaml", "-n", "till")
      #expect(applied.status == 0, "\(applied.output)\(applied.errors)")
      let list = try stage.berth("list", "--all-namespaces", "--format", "json")
      let names = try list.json["workloads"]?.list?.map {
        "\($0["namespace"]?.string ?? "")/\($0["workload"]?.string ?? "")"
      }
      #expect(names == ["default/shop", "till/till"], "\(list.output)\(list.errors)")
    }
  }

  @Test("What another client added to a job stays") func whatOthersAddedStays() async throws {
    try await NomadStage().use { stage in
      try stage.sandbox.write("shop.yaml", Self.spec(replicas: 1))
      #expect(try stage.berth("apply", "-f", "shop.yaml").status == 0)
      try await stage.change("shop") { job in
        job.changeGroup("instance") { $0[["Meta", "team"]] = "payments" }
      }
      try stage.sandbox.write("shop.yaml", Self.spec(replicas: 1, tag: "1.1"))
      let applied = try stage.berth("apply", "-f", "shop.yaml")
      #expect(applied.status == 0, "\(applied.output)\(applied.errors)")
      let group = stage.cluster.job("shop")?["TaskGroups"]?.array?.first { $0["Name"] == "instance" }
      #expect(group?["Meta"]?["team"]?.string == "payments")
    }
  }

  @Test("A version that fails ends with its log, and going back mends it") func aVersionThatFails()
    async throws
  {
    try await NomadStage().use { stage in
      try stage.sandbox.write("shop.yaml", Self.spec(replicas: 1))
      #expect(try stage.berth("apply", "-f", "shop.yaml").status == 0)
      try stage.sandbox.write(
        "bad.yaml",
        """
        name: shop
        replicas: 1
        services:
          - {name: api, image: 'shop/api:2', command: [/bin/sh, -c, 'echo out of cheese; exit 3'], stopGrace: 1s}
        """)
      let failed = try stage.berth("apply", "-f", "bad.yaml", "--timeout", "60s")
      #expect(failed.status == 1, "\(failed.output)")
      #expect(
        failed.output.contains("out of cheese") && failed.output.contains("exited with code 3"),
        "\(failed.output)\(failed.errors)")
      #expect(failed.errors.contains("No release was recorded"), "\(failed.errors)")
      let back = try stage.berth("rollback", "shop", "--yes")
      #expect(back.status == 0, "\(back.output)\(back.errors)")
      #expect(try stage.berth("plan", "-f", "shop.yaml", "--detailed-exitcode").status == 0)
    }
  }
}
