import Foundation
import Testing
import Values

/// What policies do to commands, as a pipeline and an operator see it.
@Suite("Commands are held to policies")
struct PolicyCommandTests {
  let sandbox: Sandbox

  init() throws {
    sandbox = try Sandbox()
    try sandbox.write(
      "shop.yaml",
      """
      name: shop
      variables: [{name: level, default: info}]
      services:
        - name: main
          command: [/bin/sh, -c, 'while :; do sleep 1; done']
          env: {LEVEL: "${var.level}"}
          stopGrace: 1s
      """)
    try sandbox.make(
      "policies/levels.yaml",
      """
      policies:
        levels:
          description: debug output holds names of customers
          fields: [{field: services.env.LEVEL, noneOf: [debug]}]
      """)
  }

  private static let finding = "policy `levels`: `services[main].env.LEVEL` is `debug`, and must not be"

  @Test("A plan shows what is not allowed, with both places, in each format, and ends with 5")
  func plan() throws {
    let command = ["plan", "-f", "shop.yaml", "--var", "level=debug", "--policies", "policies"]
    let text = try sandbox.berth(command)
    #expect(text.status == 5)
    #expect(text.output.contains("error[E0680]: \(Self.finding)"), "\(text.output)")
    #expect(text.output.contains("+ create main"))
    #expect(
      text.errors.hasPrefix(
        """
        error[E0680]: \(Self.finding)
         --> shop.yaml:6:18
          |
        6 |     env: {LEVEL: "${var.level}"}
          |                  ^^^^^^^^^^^^^^
         ::: policies/levels.yaml:4:22
          |
        4 |     fields: [{field: services.env.LEVEL, noneOf: [debug]}]
          |                      ------------------ the policy says so here
          = help: debug output holds names of customers

        """), "\(text.errors)")

    let json = try sandbox.berth(command + ["--format", "json"])
    let note = try json.json["plans"]?.list?.first?["notes"]?.list?.first
    #expect(
      json.status == 5 && note?["code"] == "E0680" && note?["line"] == 6 && note?["file"] == "shop.yaml")

    let markdown = try sandbox.berth(command + ["--format", "markdown"])
    #expect(
      markdown.output.contains("> **error E0680**: \(Self.finding) (`shop.yaml:6`) — debug output"),
      "\(markdown.output)")

    #expect(try sandbox.berth(command + ["--out", "plan.json"]).status == 5)
    #expect(sandbox.contents("plan.json") == nil)
    #expect(try sandbox.berth("plan", "-f", "shop.yaml", "--policies", "policies").status == 0)
  }

  @Test("An apply does nothing; an operator goes ahead with a reason, which the history shows")
  func apply() throws {
    defer { _ = try? sandbox.berth("destroy", "shop", "--yes") }
    sandbox.environment["BERTH_POLICIES"] = sandbox.folder + "/policies/levels.yaml"
    let debug = ["apply", "-f", "shop.yaml", "--var", "level=debug"]
    let refused = try sandbox.berth(debug)
    #expect(
      refused.status == 5 && refused.errors.contains("`--override-policy REASON` goes ahead"),
      "\(refused.errors)")
    #expect(try sandbox.berth("status", "shop").status == 1)

    let events = try sandbox.berth(debug + ["--format", "json"]).output.split(separator: "\n")
    let end = try Value(json: String(try #require(events.last)))
    #expect(end["outcome"] == "refused" && end["exit"] == 5)

    #expect(try sandbox.berth(debug + ["--override-policy", " "]).status == 64)
    #expect(try sandbox.berth(debug + ["--override-policy", "looking for OPS-7"]).status == 0)
    #expect(try sandbox.berth("apply", "-f", "shop.yaml").status == 0)
    let history = try sandbox.berth("history", "shop")
    #expect(history.output.contains("overrides the policy levels: looking for OPS-7"), "\(history.output)")
    let releases = try sandbox.berth("history", "shop", "--format", "json").json.list ?? []
    #expect(
      releases.map { $0["policyOverride"] } == [
        .null, ["reason": "looking for OPS-7", "policies": ["levels"]],
      ])

    // The way back is held to them, too.
    #expect(try sandbox.berth("rollback", "shop", "--to", "1").status == 5)
    #expect(
      try sandbox.berth("rollback", "shop", "--to", "1", "--override-policy", "OPS-7 again").status == 0)
    #expect(
      try sandbox.berth("history", "shop").output.contains(
        "restores release 1; main: env.LEVEL; overrides the policy levels: OPS-7 again"))
  }

  @Test("What an operator overrides without a release is in the history, too")
  func operation() throws {
    defer { _ = try? sandbox.berth("destroy", "shop", "--yes") }
    try sandbox.write(
      "berth.yaml",
      "policies: {no-stop: {plan: {forbid: [stop]}}, no-scale: {fields: [{field: replicas, atMost: 1}]}}")
    #expect(try sandbox.berth("apply", "-f", "shop.yaml").status == 0)
    #expect(try sandbox.berth("stop", "shop").status == 5)
    #expect(try sandbox.berth("scale", "shop", "--replicas", "2").status == 5)
    #expect(try sandbox.berth("restart", "shop").status == 0)
    #expect(try sandbox.berth("stop", "shop", "--override-policy", "it burns").status == 0)
    let history = try sandbox.berth("history", "shop").output
    #expect(history.contains("stop succeeded; overrides the policy no-stop: it burns"), "\(history)")
  }

  @Test("With a configuration that is given, policies and exceptions of the working tree are not looked for")
  func givenConfiguration() throws {
    // A stranger's tree: it excuses itself, and would let nobody else apply.
    try sandbox.write("berth.yaml", "policies: {strict: {plan: {forbid: [create]}}}")
    try sandbox.make(
      "base/berth.yaml",
      "policies: {levels: {override: never, fields: [{field: services.env.LEVEL, noneOf: [debug]}]}}")
    let plan = ["plan", "-f", "shop.yaml"]
    #expect(try sandbox.berth(plan).status == 5)
    #expect(try sandbox.berth(plan + ["--config", "base/berth.yaml"]).status == 0)
    let debug = try sandbox.berth(plan + ["--config", "base/berth.yaml", "--var", "level=debug"])
    #expect(debug.status == 5 && !debug.errors.contains("strict"), "\(debug.errors)")
    let never = try sandbox.berth(
      "apply", "-f", "shop.yaml", "--config", "base/berth.yaml", "--var", "level=debug", "--override-policy",
      "now")
    #expect(never.status == 5 && never.errors.contains("override: never"), "\(never.errors)")
    // Policies of the tree never take the place of given ones.
    try sandbox.write("berth.yaml", "policies: {levels: {fields: [{field: replicas, atLeast: 0}]}}")
    let twice = try sandbox.berth(plan + ["--policies", "policies"])
    #expect(twice.status == 1 && twice.errors.contains("E0205"), "\(twice.errors)")
  }

  @Test("Checking files needs no engine, and gives annotations")
  func validate() throws {
    let command = ["validate", "-f", "shop.yaml", "--var", "level=debug", "--policies", "policies"]
    let text = try sandbox.berth(command)
    #expect(text.status == 5 && text.errors.contains(" --> shop.yaml:6:18"), "\(text.errors)")
    let github = try sandbox.berth(command + ["--format", "github"])
    #expect(github.output.hasPrefix("::error file=shop.yaml,line=6,"), "\(github.output)")
    let sarif = try sandbox.berth(command + ["--format", "sarif"]).json
    #expect(sarif["runs"]?.list?.first?["results"]?.list?.first?["ruleId"] == "E0680")
    let gitlab = try sandbox.berth(command + ["--format", "gitlab"]).json
    #expect(gitlab.list?.first?["location"]?["path"] == "shop.yaml")
    #expect(try sandbox.berth("validate", "-f", "shop.yaml", "--policies", "policies").status == 0)
    try sandbox.write(
      "berth.yaml",
      "policies: {there: {scope: {targets: [prod]}, fields: [{field: replicas, set: true}]}}\ntargets: {prod: {provider: local}}"
    )
    #expect(try sandbox.berth("validate", "-f", "shop.yaml").status == 0)
    #expect(try sandbox.berth("validate", "-f", "shop.yaml", "-t", "prod").status == 5)
  }

  @Test(
    "A folder or file that can't be used stops everything",
    arguments: ["missing", "empty", "broken.yaml", "shop.yaml"])
  func unusable(_ path: String) throws {
    try FileManager.default.createDirectory(
      atPath: sandbox.folder + "/empty", withIntermediateDirectories: false)
    try sandbox.write("broken.yaml", "policies: {levels: {fields: [{field: services.imag, set: true}]}}")
    for command in [
      ["plan", "-f", "shop.yaml"], ["apply", "-f", "shop.yaml"], ["validate", "-f", "shop.yaml"],
    ] {
      let result = try sandbox.berth(command + ["--policies", path])
      #expect(result.status == 1 && !result.errors.isEmpty, "\(command): \(result.errors)")
    }
  }

  @Test("The example's policies say what their comments say")
  func examples() throws {
    let folder = Sandbox.project + "/examples/policies"
    try sandbox.write("berth.yaml", "targets: {prod: {provider: local}}")
    try sandbox.write(
      "bad.yaml",
      """
      name: legacy-shop
      services:
        - name: api
          image: ghcr.io/shop/api
          command: [sleep, '100']
          security: {privileged: true, capabilities: {add: [SYS_ADMIN]}}
          network: {mode: host}
          volumes: [{name: sock, mountPath: /sock, type: bind, source: /run/sock}]
        - {name: envoy, role: sidecar, image: 'envoyproxy/envoy:v1.30', command: [sleep, '100'], resources: {memory: 64Mi}}
      """)
    let found = try sandbox.berth(
      "validate", "-f", "bad.yaml", "-t", "prod", "--policies", folder, "--format", "json")
    let list = try found.json["diagnostics"]?.list ?? []
    func count(_ code: String, _ policy: String) -> Int {
      list.count { $0["code"]?.string == code && $0["message"]?.string?.contains("`\(policy)`") == true }
    }
    #expect(found.status == 5)
    #expect(count("E0680", "fixed-tags") == 1)
    #expect(count("E0680", "known-registries") == 1 && count("W0681", "known-registries") == 1)
    #expect(count("E0680", "no-privileges") == 3 && count("E0680", "no-host-paths") == 1)
    #expect(count("W0680", "memory-limits") == 1 && count("W0680", "owners") == 1)
    let plan = try sandbox.berth("plan", "-f", "shop.yaml", "-t", "prod", "--policies", folder)
    #expect(
      plan.status == 0
        && plan.output.contains(
          "warning[W0682]: policy `by-day`: allows changes only mon–thu 09:00–16:00 Europe/Berlin, or fri 09:00–12:00 Europe/Berlin"
        ), "\(plan.output)")
  }
}
