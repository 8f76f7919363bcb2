import Foundation
import Testing

/// A compose file whose services become workloads of their own and go on reaching each other.
@Suite struct SplitImportTests {
  private static let compose = """
    services:
      web:
        image: berth-test/busybox:1
        command: [sh, -c, "trap 'exit 0' TERM; sleep 10000 & wait"]
        environment: {PAGE: "http://pages:8080/page", PAGES_HOST: store}
        stop_grace_period: 1s
        deploy: {replicas: 2}
      pages:
        image: berth-test/busybox:1
        container_name: store
        command: [sh, -c, "trap 'exit 0' TERM; mkdir /www; echo hello > /www/page; httpd -f -p 8080 -h /www & wait"]
        stop_grace_period: 1s
    """

  @Test("Services that an import splits reach each other in containers", DockerStage.isThere)
  func inContainers() async throws {
    try await DockerStage().use { engine in
      try engine.sandbox.write("compose.yaml", Self.compose)
      let imported = try engine.sandbox.berth(
        "import", "compose", "compose.yaml", "--name", "shop", "--split", "--out", "workloads/")
      #expect(imported.status == 0, "\(imported.errors)")
      let spec = try String(
        contentsOfFile: engine.sandbox.folder + "/workloads/shop-web.yaml", encoding: .utf8)
      #expect(spec.contains("PAGE: \"http://${host.shop-pages/pages}:8080/page\""), "\(spec)")
      let applied = try engine.berth(["apply", "-f", "workloads", "--yes"])
      #expect(applied.status == 0, "\(applied.output)\(applied.errors)")
      for (instance, url) in [(0, "$PAGE"), (1, "$PAGE"), (0, "http://$PAGES_HOST:8080/page")] {
        let asked = try engine.berth([
          "exec", "shop-web", "--instance", String(instance), "--", "/bin/sh", "-c",
          "wget -q -O - \"\(url)\"",
        ])
        #expect(asked.status == 0 && asked.output.contains("hello"), "\(asked.output)\(asked.errors)")
      }
      #expect(try engine.berth(["destroy", "shop-web", "shop-pages", "--yes"]).status == 0)
    }
  }
}
