import Foundation
import Testing

/// What a stranger would try with the example of secrets.
@Suite struct SecretsExampleTests {
  let sandbox: Sandbox
  let file = Sandbox.project + "/examples/secrets/workload.yaml"

  init() throws { sandbox = try Sandbox() }

  private func set(_ key: String, to value: String) throws {
    let result = try sandbox.berth("secret", "set", key, input: value + "\n")
    #expect(result.status == 0, "\(result.errors)")
  }

  @Test("Secrets are handed over, and their rotation touches only the services that use them")
  func secretsAreHandedOverAndTheirRotationTouchesOnlyWhoUsesThem() throws {
    let missing = try sandbox.berth("apply", "-f", file)
    #expect(missing.status == 1)
    #expect(missing.errors.contains("`berth secret set shop/api-token` puts it in"))
    try set("shop/db-password", to: "correct horse")
    let plan = try sandbox.berth("plan", "-f", file)
    #expect(plan.status == 1)
    #expect(plan.errors.contains("E0610") && plan.errors.contains("shop/api-token"))
    try set("shop/api-token", to: "battery staple")

    let applied = try sandbox.berth("apply", "-f", file)
    #expect(applied.status == 0, "\(applied.output)\(applied.errors)")
    let log = try sandbox.berth("logs", "vaulted", "--service", "api").output
    #expect(log.contains("the token has 14 characters, the URL of the database 44"))
    let root = "home/local/instances/default_vaulted_0/services/api/root"
    #expect(sandbox.contents(root + "/etc/shop/token") == "battery staple")
    #expect(sandbox.contents(root + "/etc/shop/shop.yaml")?.contains(#"password: "correct horse""#) == true)
    #expect(try sandbox.berth("apply", "-f", file).output.contains("No changes:"))
    #expect(try sandbox.berth("drift", "vaulted", "--detailed-exitcode").status == 0)

    let before = try sandbox.processIDs("vaulted")
    try set("shop/db-password", to: "another horse")
    let rotated = try sandbox.berth("plan", "-f", file)
    #expect(
      rotated.output.contains("env.DATABASE_URL") && rotated.output.contains("configFiles[shop].content"))
    #expect(rotated.output.contains("external") && !rotated.output.contains("horse"))
    #expect(try sandbox.berth("apply", "-f", file).status == 0)
    let after = try sandbox.processIDs("vaulted")
    #expect(after["api"] != before["api"])
    #expect(after["banner"] == before["banner"])
    #expect(sandbox.contents(root + "/etc/shop/shop.yaml")?.contains(#"password: "another horse""#) == true)
  }

  @Test("A pipeline gives the reference instead") func aPipelineGivesTheReferenceInstead() throws {
    try set("shop/api-token", to: "battery staple")
    sandbox.environment["DB_PASSWORD"] = "from the pipeline"
    let applied = try sandbox.berth("apply", "-f", file, "--var", "db_password=env:DB_PASSWORD")
    #expect(applied.status == 0, "\(applied.output)\(applied.errors)")
    let config = sandbox.contents(
      "home/local/instances/default_vaulted_0/services/api/root/etc/shop/shop.yaml")
    #expect(config?.contains("from the pipeline") == true)
  }

  @Test("What was rendered is rendered to the same") func whatWasRenderedIsRenderedToTheSame() throws {
    let once = try sandbox.berth("render", "-f", file)
    #expect(once.status == 0 && once.output.contains("${secret.shop/db-password}"))
    let path = try sandbox.write("rendered.yaml", once.output)
    #expect(try sandbox.berth("render", "-f", path).output == once.output)
  }
}
