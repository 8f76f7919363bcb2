import Foundation
import NomadFake
import Testing

/// Commands with exactly the policies that docs/nomad.md states, each by a token that has nothing else.
@Suite struct NomadPolicyTests {
  /// The policies of the page, in its order: for a plan, for an apply.
  private static func policies() throws -> [String] {
    let page = try String(contentsOfFile: Sandbox.project + "/docs/nomad.md", encoding: .utf8)
    return page.components(separatedBy: "```hcl\n").dropFirst().map {
      $0.components(separatedBy: "```")[0]
    }
  }

  private static func spec(_ tag: String) -> String {
    """
    name: web
    services:
      - {name: migrate, role: before, image: 'shop/api:\(tag)', command: [/bin/sh, -c, 'echo migrated']}
      - name: api
        image: shop/api:\(tag)
        command: [/bin/sh, -c, 'echo started; exec sleep 86400']
        secrets: [{key: 'env:API_KEY', type: env, as: API_KEY}]
        stopGrace: 1s
    """
  }

  @Test("A plan and an apply need no more than the page says") func whatThePageSays() async throws {
    let policies = try Self.policies()
    try #require(policies.count == 2)
    try await NomadStage(acl: true, namespace: "shop").use { stage in
      stage.cluster.addPolicy("plan", policies[0])
      stage.cluster.addPolicy("apply", policies[1])
      stage.cluster.addPolicy("exec", #"namespace "shop" { capabilities = ["alloc-exec"] }"#)
      let tokens = (plan: stage.cluster.addToken(["plan"]), apply: stage.cluster.addToken(["apply"]))
      stage.sandbox.environment["API_KEY"] = "hush"
      func berth(as token: String, _ arguments: String..., status: Int32 = 0) throws -> Sandbox.Result {
        stage.sandbox.environment["NOMAD_TOKEN"] = token
        let result = try stage.berth(arguments)
        #expect(result.status == status, "\(arguments): \(result.output)\(result.errors)")
        return result
      }
      try stage.sandbox.write("web.yaml", Self.spec("1"))
      _ = try berth(as: tokens.plan, "plan", "-f", "web.yaml", "--detailed-exitcode", status: 2)
      #expect(stage.writes == [])
      let refused = try berth(as: tokens.plan, "apply", "-f", "web.yaml", status: 1)
      #expect(
        refused.errors.contains("E0717") && refused.errors.contains("docs/nomad.md"), "\(refused.errors)")
      #expect(stage.cluster.jobs == [] && stage.cluster.variables(in: "shop") == [])

      _ = try berth(as: tokens.apply, "apply", "-f", "web.yaml")
      for arguments in [
        ["status", "web"], ["history", "web"], ["drift", "web"], ["list"], ["plan", "-f", "web.yaml"],
      ] {
        stage.sandbox.environment["NOMAD_TOKEN"] = tokens.plan
        let result = try stage.berth(arguments)
        #expect(result.status == 0, "\(arguments): \(result.output)\(result.errors)")
      }
      try stage.sandbox.write("web.yaml", Self.spec("2"))
      // A plan that one token saves, another applies.
      _ = try berth(as: tokens.plan, "plan", "-f", "web.yaml", "--out", "plan.json")
      stage.sandbox.environment["NOMAD_TOKEN"] = tokens.apply
      let saved = try stage.sandbox.berth("apply", "plan.json", "--yes")
      #expect(saved.status == 0, "\(saved.output)\(saved.errors)")
      for arguments in [
        ["scale", "web", "--replicas", "2"], ["restart", "web"], ["stop", "web"], ["start", "web"],
        ["rollback", "web"], ["suspend", "web", "--reason", "stocktaking"], ["unsuspend", "web"],
      ] {
        let result = try stage.berth(arguments + ["--yes"])
        #expect(result.status == 0, "\(arguments): \(result.output)\(result.errors)")
      }
      #expect(try eventually { try stage.berth("logs", "web").output.contains("started") })
      let exec = try stage.berth("exec", "web", "--service", "api", "--", "true")
      #expect(exec.status == 1 && exec.errors.contains("Permission denied"), "\(exec.errors)")
      let both = stage.cluster.addToken(["apply", "exec"])
      _ = try berth(as: both, "exec", "web", "--service", "api", "--", "true")
      let hidden = try berth(as: tokens.plan, "logs", "web", status: 1)
      #expect(hidden.errors.contains("Permission denied"), "\(hidden.errors)")
      _ = try berth(as: tokens.apply, "destroy", "web", "--yes")
      #expect(stage.cluster.jobs == [])
      #expect(stage.cluster.variables(in: "shop").allSatisfy { $0.hasPrefix("berth/") })
      #expect(stage.cluster.breaches == [])
    }
  }
}
