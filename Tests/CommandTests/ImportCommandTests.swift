import Foundation
import Testing

/// `berth import compose` as people use it.
@Suite struct ImportCommandTests {
  private static let compose = """
    services:
      web: {image: "shop/web:1.0", ports: ["8080:80"], environment: {LEVEL: "${LEVEL:-info}"}}
      other: {image: "shop/other:1.0", pre_stop: [{command: [leave]}]}
    """

  @Test("Specs go to standard output and what is lost to standard error")
  func specsGoToStandardOutputAndWhatIsLostToStandardError() throws {
    let sandbox = try Sandbox()
    try sandbox.write("compose.yaml", Self.compose)
    let result = try sandbox.berth("import", "compose", "compose.yaml", "--name", "shop")
    #expect(result.status == 0)
    #expect(result.errors.contains("warning[W0801]: `pre_stop` of `other` has no equivalent"))
    #expect(result.errors.contains("compose.yaml:3:"))
    let valid = try sandbox.berth("validate", "-f", "-", input: result.output)
    #expect(valid.status == 0)
    #expect(valid.output.contains("shop-other, shop-web"))
  }

  @Test("What a target must allow is said with the line for it")
  func whatATargetMustAllowIsSaidWithTheLineForIt() throws {
    let sandbox = try Sandbox()
    let text = """
      services:
        web: {image: "shop/web:1.0", volumes: ["/srv/web:/srv"], pid: host, cap_add: [NET_ADMIN]}
        other: {image: "shop/other:1.0"}
      """
    try sandbox.write("compose.yaml", text)
    let result = try sandbox.berth("import", "compose", "--name", "shop", "--strict")
    let line = "allow: [bind, host-namespaces, capabilities]"
    #expect(result.status == 0)
    #expect(result.errors.contains("warning[W0810]") && result.errors.contains("`\(line)`"))
    #expect(result.output.split(separator: "\n").filter { $0.hasPrefix("#") && $0.contains(line) }.count == 1)
    let valid = try sandbox.berth("validate", "-f", "-", input: result.output)
    #expect(valid.status == 0)
  }

  @Test("The file of the folder and its override are found") func theFileOfTheFolderAndItsOverrideAreFound()
    throws
  {
    let sandbox = try Sandbox()
    #expect(try sandbox.berth("import", "compose").status == 64)
    try sandbox.write("docker-compose.yml", "services: {web: {image: \"shop/web:1.0\"}}\n")
    try sandbox.write("docker-compose.override.yml", "services: {web: {image: \"shop/web:2.0\"}}\n")
    #expect(try sandbox.berth("import", "compose").output.contains("shop/web:2.0"))
  }

  @Test("Any of the usual overrides is found") func anyOfTheUsualOverridesIsFound() throws {
    let sandbox = try Sandbox()
    try sandbox.write("compose.yaml", "services: {web: {image: \"shop/web:1.0\"}}\n")
    try sandbox.write("docker-compose.override.yaml", "services: {web: {image: \"shop/web:2.0\"}}\n")
    try sandbox.write("docker-compose.yml", "services: {other: {image: \"shop/other:1.0\"}}\n")
    let result = try sandbox.berth("import", "compose")
    #expect(result.output.contains("shop/web:2.0") && !result.output.contains("shop/other"))
    #expect(result.errors.contains("warning[W0809]: `compose.yaml` is read, and `docker-compose.yml` is not"))
  }

  @Test("The file of a folder above is found with both of their settings")
  func theFileOfAFolderAboveIsFoundWithBothOfTheirSettings() throws {
    let sandbox = try Sandbox()
    try sandbox.write("compose.yaml", "services: {web: {image: \"shop/web:${TAG}-${OWN}\"}}\n")
    try sandbox.write(".env", "TAG=above\nOWN=above\n")
    let inner = try sandbox.shell(
      "mkdir -p a/b && echo OWN=below > a/b/.env && cd a/b && '\(Sandbox.program)' import compose --resolve --name shop"
    )
    #expect(inner.status == 0 && inner.output.contains("shop/web:above-below"))
  }

  @Test("The files and profiles that variables name are read")
  func theFilesAndProfilesThatVariablesNameAreRead() throws {
    let sandbox = try Sandbox()
    try sandbox.write(
      "compose.yaml", "services: {dev: {image: \"dev:1\"}, tool: {image: \"tool:1\", profiles: [p]}}\n")
    try sandbox.write(
      "prod.yaml", "services: {prod: {image: \"prod:1\"}, tool: {image: \"tool:1\", profiles: [p]}}\n")
    try sandbox.write("more.yaml", "services: {more: {image: \"more:1\"}}\n")
    func images(_ arguments: String..., variables: [String: String] = [:]) throws -> [String] {
      sandbox.environment = variables
      let output = try sandbox.berth(["import", "compose", "--name", "shop"] + arguments).output
      return output.split(separator: "\n").filter { $0.contains("image:") }
        .map { $0.trimmingCharacters(in: .whitespaces).replacing("image: ", with: "") }
    }
    #expect(try images() == ["dev:1"])
    try sandbox.write(".env", "COMPOSE_FILE=prod.yaml\nCOMPOSE_PROFILES=p, q\n")
    #expect(try images() == ["prod:1", "tool:1"])
    #expect(try images("compose.yaml") == ["dev:1", "tool:1"])
    #expect(try images("--profile", "q") == ["prod:1"])
    #expect(
      try images(variables: ["COMPOSE_FILE": "prod.yaml:more.yaml", "COMPOSE_PROFILES": ""]) == [
        "more:1", "prod:1",
      ])
    #expect(
      try images(variables: ["COMPOSE_FILE": "prod.yaml;more.yaml", "COMPOSE_PATH_SEPARATOR": ";"])
        == ["more:1", "prod:1", "tool:1"])
    #expect(try images(variables: ["COMPOSE_DISABLE_ENV_FILE": "true"]) == ["dev:1"])
    try sandbox.write("other.env", "COMPOSE_FILE=more.yaml\n")
    #expect(try images(variables: ["COMPOSE_ENV_FILES": "other.env"]) == ["more:1"])
    sandbox.environment = ["COMPOSE_FILE": "nowhere.yaml"]
    let missing = try sandbox.berth("import", "compose")
    #expect(missing.status == 1 && missing.errors.contains("error[E0110]"))
  }

  @Test("The name of the project is taken from the variable") func theNameOfTheProjectIsTakenFromTheVariable()
    throws
  {
    let sandbox = try Sandbox()
    try sandbox.write("compose.yaml", "name: own\nservices: {web: {image: \"shop/web:1.0\"}}\n")
    #expect(try sandbox.berth("import", "compose").output.contains("name: own"))
    try sandbox.write(".env", "COMPOSE_PROJECT_NAME=file\n")
    #expect(try sandbox.berth("import", "compose").output.contains("name: file"))
    sandbox.environment["COMPOSE_PROJECT_NAME"] = "shell"
    #expect(try sandbox.berth("import", "compose").output.contains("name: shell"))
  }

  @Test("Standard input is read") func standardInputIsRead() throws {
    let sandbox = try Sandbox()
    let result = try sandbox.berth("import", "compose", "-", "--name", "shop", input: Self.compose)
    #expect(result.status == 0)
    #expect(result.errors.contains("<stdin>:3:"))
    #expect(result.output.contains("name: shop-web"))
  }

  @Test("Files are written and not overwritten") func filesAreWrittenAndNotOverwritten() throws {
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

  @Test("Paths in specs are taken from where they are written")
  func pathsInSpecsAreTakenFromWhereTheyAreWritten() throws {
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

  @Test("Strict writes nothing") func strictWritesNothing() throws {
    let sandbox = try Sandbox()
    try sandbox.write("compose.yaml", Self.compose)
    let result = try sandbox.berth("import", "compose", "compose.yaml", "--strict", "--out", "spec.yaml")
    #expect(result.status == 1)
    #expect(result.output.isEmpty)
    #expect(result.errors.contains("error[E0807]"))
    #expect(sandbox.contents("spec.yaml") == nil)
  }

  @Test("Variables are filled in on request") func variablesAreFilledInOnRequest() throws {
    let sandbox = try Sandbox()
    sandbox.environment["LEVEL"] = "debug"
    try sandbox.write("compose.yaml", Self.compose)
    let kept = try sandbox.berth("import", "compose", "compose.yaml").output
    #expect(kept.contains("default: info") && kept.contains("${var.LEVEL}"))
    let filled = try sandbox.berth("import", "compose", "compose.yaml", "--resolve").output
    #expect(filled.contains("LEVEL: debug") && !filled.contains("variables:"))
  }

  @Test("What is wrong is an error") func whatIsWrongIsAnError() throws {
    let sandbox = try Sandbox()
    let missing = try sandbox.berth("import", "compose", "nowhere.yaml")
    #expect(missing.status == 1 && missing.errors.contains("error[E0110]"))
    try sandbox.write("compose.yaml", "services: {web: {image: \"shop/web:1.0\", depends_on: [db]}}\n")
    let wrong = try sandbox.berth("import", "compose", "compose.yaml")
    #expect(wrong.status == 1 && wrong.output.isEmpty)
    #expect(wrong.errors.contains("error[E0802]") && wrong.errors.contains("compose.yaml:1:"))
  }
}
