import Foundation
import Testing

/// `berth import kubernetes` as people use it.
@Suite struct ImportKubernetesCommandTests {
  private static let web = """
    apiVersion: apps/v1
    kind: Deployment
    metadata: {name: web}
    spec:
      template:
        metadata: {labels: {app: web}}
        spec:
          nodeSelector: {disk: ssd}
          containers:
            - name: web
              image: web:1.0
              env: [{name: API, value: "http://api:8080"}, {name: KEY, valueFrom: {secretKeyRef: {name: keys, key: web}}}]
              volumeMounts: [{name: logs, mountPath: /logs}]
          volumes: [{name: logs, hostPath: {path: /var/log/web}}]
    """
  private static let api = """
    apiVersion: apps/v1
    kind: Deployment
    metadata: {name: api}
    spec: {template: {metadata: {labels: {app: api}}, spec: {containers: [{name: api, image: "api:1.0"}]}}}
    ---
    {apiVersion: v1, kind: Service, metadata: {name: api}, spec: {selector: {app: api}, ports: [{port: 8080}]}}
    ---
    {apiVersion: v1, kind: Secret, metadata: {name: keys}, stringData: {web: hidden-value}}
    """

  @Test("Specs go to standard output and what is lost to standard error")
  func specsGoToStandardOutputAndWhatIsLostToStandardError() throws {
    let sandbox = try Sandbox()
    try sandbox.write("web.yaml", Self.web)
    try sandbox.write("api.yaml", Self.api)
    let result = try sandbox.berth("import", "kubernetes", "web.yaml", "api.yaml")
    #expect(result.status == 0)
    #expect(result.errors.contains("warning[W0801]: `nodeSelector.disk` of `web` has no equivalent"))
    #expect(result.errors.contains("web.yaml:8:"))
    #expect(
      result.errors.contains("`web` looks for `api` by the name of the Service `api`, and does not find it"))
    #expect(result.errors.contains("berth secret set --keep-newline keys/web"))
    #expect(result.errors.contains("`allow: [bind]`"))
    #expect(!(result.output + result.errors).contains("hidden-value"))
    let valid = try sandbox.berth("validate", "-f", "-", input: result.output)
    #expect(valid.status == 0)
    #expect(valid.output.contains("api, web"))
  }

  @Test("What other tools print is read from standard input")
  func whatOtherToolsPrintIsReadFromStandardInput() throws {
    let sandbox = try Sandbox()
    let result = try sandbox.berth(
      "import", "kubernetes", "-", input: "---\n# Source: a\n---\n\(Self.web)\n---\n")
    #expect(result.status == 0)
    #expect(result.errors.contains("<stdin>:11:"))
    #expect(result.output.contains("name: web"))
  }

  @Test("A folder becomes a folder and nothing is overwritten")
  func aFolderBecomesAFolderAndNothingIsOverwritten() throws {
    let sandbox = try Sandbox()
    try sandbox.make("manifests/web.yaml", Self.web)
    try sandbox.make("manifests/api.yaml", Self.api)
    let arguments = ["import", "kubernetes", "manifests", "--network", "shop", "--out", "specs/"]
    #expect(try sandbox.berth(arguments).status == 0)
    #expect(sandbox.contents("specs/web.yaml")?.contains("name: shop") == true)
    #expect(sandbox.contents("specs/api.yaml")?.contains("- api") == true)
    #expect(try sandbox.berth("validate", "-f", "specs").status == 0)
    let refused = try sandbox.berth(arguments)
    #expect(refused.status == 1 && refused.errors.contains("error[E0806]"))
    #expect(try sandbox.berth(arguments + ["--force"]).status == 0)
  }

  @Test("Strict writes nothing") func strictWritesNothing() throws {
    let sandbox = try Sandbox()
    try sandbox.write("web.yaml", Self.web)
    let result = try sandbox.berth("import", "kubernetes", "web.yaml", "--strict", "--out", "spec.yaml")
    #expect(result.status == 1 && result.output.isEmpty)
    #expect(result.errors.contains("error[E0807]"))
    #expect(sandbox.contents("spec.yaml") == nil)
  }

  @Test("What is wrong is an error") func whatIsWrongIsAnError() throws {
    let sandbox = try Sandbox()
    #expect(try sandbox.berth("import", "kubernetes").status == 64)
    let missing = try sandbox.berth("import", "kubernetes", "nowhere.yaml")
    #expect(missing.status == 1 && missing.errors.contains("error[E0110]"))
    try sandbox.write("Chart.yaml", "apiVersion: v2\nname: shop\nversion: 1.0.0\n")
    let chart = try sandbox.berth("import", "kubernetes", "Chart.yaml")
    #expect(chart.status == 1 && chart.output.isEmpty)
    #expect(chart.errors.contains("error[E0815]") && chart.errors.contains("helm template"))
    let template = try sandbox.berth("import", "kubernetes", "-", input: "kind: {{ .Values.kind }}\n")
    #expect(template.status == 1)
  }
}
