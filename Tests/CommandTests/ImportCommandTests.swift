import Foundation
import Testing

/// `berth import compose` as people use it.
@Suite struct ImportCommandTests {
  private static let compose = """
    services:
      web: {image: "shop/web:1.0", ports: ["8080:80"], environment: {LEVEL: "${LEVEL:-info}"}}
      other: {image: "shop/other:1.0", tty: true}
    """

  @Test func specsGoToStandardOutputAndWhatIsLostToStandardError() throws {
    let sandbox = try Sandbox()
    try sandbox.write("compose.yaml", Self.compose)
    let result = try sandbox.berth("import", "compose", "compose.yaml", "--name", "shop")
    #expect(result.status == 0)
    #expect(result.errors.contains("warning[W0801]: `tty` of `other` has no equivalent"))
    #expect(result.errors.contains("compose.yaml:3:"))
    let valid = try sandbox.berth("validate", "-f", "-", input: result.output)
    #expect(valid.status == 0)
    #expect(valid.output.contains("shop-other, shop-web"))
  }

  @Test func theFileOfTheFolderAndItsOverrideAreFound() throws {
    let sandbox = try Sandbox()
    #expect(try sandbox.berth("import", "compose").status == 64)
    try sandbox.write("docker-compose.yml", "services: {web: {image: \"shop/web:1.0\"}}\n")
    try sandbox.write("docker-compose.override.yml", "services: {web: {image: \"shop/web:2.0\"}}\n")
    #expect(try sandbox.berth("import", "compose").output.contains("shop/web:2.0"))
  }

  @Test func standardInputIsRead() throws {
    let sandbox = try Sandbox()
    let result = try sandbox.berth("import", "compose", "-", "--name", "shop", input: Self.compose)
    #expect(result.status == 0)
    #expect(result.errors.contains("<stdin>:3:"))
    #expect(result.output.contains("name: shop-web"))
  }

  @Test func filesAreWrittenAndNotOverwritten() throws {
    let sandbox = try Sandbox()
    try sandbox.write("compose.yaml", Self.compose)
    let arguments = ["import", "compose", "compose.yaml", "--name", "shop"]
    #expect(try sandbox.berth(arguments + ["--out", "specs/"]).status == 0)
    #expect(sandbox.contents("specs/shop-web.yaml")?.contains("name: shop-web") == true)
    #expect(try sandbox.berth("validate", "-f", "specs").status == 0)

    try sandbox.write("specs/shop-web.yaml", "edited")
    let refused = try sandbox.berth(arguments + ["--out", "specs/"])
    #expect(refused.status == 1)
    #expect(refused.errors.contains("error[E0806]: `specs/shop-web.yaml` is there already"))
    #expect(sandbox.contents("specs/shop-web.yaml") == "edited")
    #expect(try sandbox.berth(arguments + ["--out", "specs/", "--force"]).status == 0)
    #expect(sandbox.contents("specs/shop-web.yaml")?.contains("name: shop-web") == true)

    #expect(try sandbox.berth(arguments + ["--out", "all.yaml"]).status == 0)
    #expect(sandbox.contents("all.yaml")?.contains("\n---\n") == true)
    #expect(try sandbox.berth("validate", "-f", "all.yaml").status == 0)
  }

  @Test func pathsInSpecsAreTakenFromWhereTheyAreWritten() throws {
    let sandbox = try Sandbox()
    try sandbox.write("app.conf", "level = info\n")
    try sandbox.write(
      "compose.yaml", "services: {web: {image: \"shop/web:1.0\", volumes: [\"./app.conf:/etc/app.conf\"]}}\n")
    let imported = try sandbox.berth("import", "compose", "compose.yaml", "--name", "shop", "--out", "a/b/")
    #expect(imported.status == 0)
    #expect(sandbox.contents("a/b/shop.yaml")?.contains("file: \"../../app.conf\"") == true)
    // Without a repository around both, that has to be allowed.
    #expect(imported.errors.contains("warning[W0503]"), "\(imported.errors)")
    #expect(try sandbox.berth("validate", "-f", "a/b").errors.contains("error[E0114]"))
    #expect(try sandbox.berth("validate", "-f", "a/b", "--allow-files-from", ".").status == 0)
    try sandbox.make(".git/HEAD", "ref: refs/heads/main\n")
    #expect(try sandbox.berth("validate", "-f", "a/b").status == 0)
  }

  @Test func strictWritesNothing() throws {
    let sandbox = try Sandbox()
    try sandbox.write("compose.yaml", Self.compose)
    let result = try sandbox.berth("import", "compose", "compose.yaml", "--strict", "--out", "spec.yaml")
    #expect(result.status == 1)
    #expect(result.output.isEmpty)
    #expect(result.errors.contains("error[E0807]"))
    #expect(sandbox.contents("spec.yaml") == nil)
  }

  @Test func variablesAreFilledInOnRequest() throws {
    let sandbox = try Sandbox()
    sandbox.environment["LEVEL"] = "debug"
    try sandbox.write("compose.yaml", Self.compose)
    let kept = try sandbox.berth("import", "compose", "compose.yaml").output
    #expect(kept.contains("default: info") && kept.contains("${var.LEVEL}"))
    let filled = try sandbox.berth("import", "compose", "compose.yaml", "--resolve").output
    #expect(filled.contains("LEVEL: debug") && !filled.contains("variables:"))
  }

  @Test func whatIsWrongIsAnError() throws {
    let sandbox = try Sandbox()
    let missing = try sandbox.berth("import", "compose", "nowhere.yaml")
    #expect(missing.status == 1 && missing.errors.contains("error[E0110]"))
    try sandbox.write("compose.yaml", "services: {web: {image: \"shop/web:1.0\", depends_on: [db]}}\n")
    let wrong = try sandbox.berth("import", "compose", "compose.yaml")
    #expect(wrong.status == 1 && wrong.output.isEmpty)
    #expect(wrong.errors.contains("error[E0802]") && wrong.errors.contains("compose.yaml:1:"))
  }
}
