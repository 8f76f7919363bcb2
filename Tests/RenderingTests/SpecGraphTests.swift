import Diagnostics
import Rendering
import Testing
import WorkloadSpec

/// The graph of workload files: what is drawn, and that no text breaks out of it.
@Suite struct SpecGraphTests {
  private static func load(_ text: String) throws -> [Workload] {
    let result = WorkloadLoader.load(layers: [[SourceFile(name: "shop.yaml", text: text)]])
    try #require(!result.diagnostics.hasErrors, "\(result.diagnostics.map(\.message))")
    return result.workloads.map(\.workload)
  }

  private static let shop = """
    name: shop
    kind: stateful_set
    replicas: 1
    services:
      - {name: migrate, role: before, image: shop/migrate:1}
      - {name: prepare, role: init, image: shop/api:1}
      - name: api
        image: shop/api:1
        ports: [{container: 8080, host: 80, address: 127.0.0.1}, {container: 9090, protocol: udp}]
        dependsOn: [db]
        volumes:
          - {name: data, mountPath: /data, type: persistent, size: 1Gi}
          - {name: cache, mountPath: /cache, type: memory}
      - name: db
        role: sidecar
        image: postgres:16
        volumes:
          - {name: data, mountPath: /read, type: persistent, size: 1Gi, readOnly: true}
          - {name: old, mountPath: /old, type: external, source: legacy, access: many}
      - {name: envoy, role: sidecar, image: envoy:1}

    """

  @Test("Workloads wait for one another") func workloadsWaitForOneAnother() throws {
    let graph = Graph(
      of: try Self.load(
        """
        name: web
        dependsOn: [db, elsewhere]
        services:
          - {name: api, image: shop/api:1}
          - {name: envoy, role: sidecar, image: envoy:1}
        ---
        name: db
        services:
          - {name: postgres, image: postgres:16}
          - {name: backup, role: sidecar, image: backup:1}
        """))
    #expect(
      graph.edges.map { "\($0.from) \($0.to)" } == [
        "db.postgres db.backup", "web.api web.envoy", "db.postgres web.api",
        "workload/elsewhere web.api",
      ])
    #expect(graph.edges.allSatisfy { $0.isOrder })
    #expect(graph.nodes.map(\.lines) == [["elsewhere", "another workload"]])
  }

  @Test("Dot") func dot() throws {
    #expect(
      GraphDOT.render(Graph(of: try Self.load(Self.shop))) == """
        digraph spec {
          rankdir=LR;
          node [shape=box, fontname="sans-serif"];
          subgraph "cluster_shop" {
            label="shop, stateful_set ×1";
            "shop.api" [label="api\\nshop/api:1\\n127.0.0.1 80 → 8080/tcp\\n9090/udp"];
            "shop.db" [label="db (sidecar)\\npostgres:16"];
            "shop.envoy" [label="envoy (sidecar)\\nenvoy:1"];
            "shop.migrate" [label="migrate (before)\\nshop/migrate:1", style="rounded"];
            "shop.prepare" [label="prepare (init)\\nshop/api:1", style="rounded"];
            "shop/data" [label="data\\n1Gi\\none for each instance", shape=cylinder];
          }
          "external/legacy" [label="legacy\\nexternal", shape=cylinder];
          "shop.migrate" -> "shop.prepare";
          "shop.prepare" -> "shop.db";
          "shop.db" -> "shop.api";
          "shop.api" -> "shop.envoy";
          "shop.api" -> "shop/data" [style=dashed, arrowhead=none, label="/data"];
          "shop.db" -> "shop/data" [style=dashed, arrowhead=none, label="/read (read-only)"];
          "shop.db" -> "external/legacy" [style=dashed, arrowhead=none, label="/old"];
        }

        """)
  }

  @Test("Mermaid") func mermaid() throws {
    #expect(
      GraphMermaid.render(Graph(of: try Self.load(Self.shop))) == """
        flowchart LR
          subgraph g0["shop, stateful_set ×1"]
            n0["api<br/>shop/api:1<br/>127.0.0.1 80 → 8080/tcp<br/>9090/udp"]
            n1["db (sidecar)<br/>postgres:16"]
            n2["envoy (sidecar)<br/>envoy:1"]
            n3(["migrate (before)<br/>shop/migrate:1"])
            n4(["prepare (init)<br/>shop/api:1"])
            n5[("data<br/>1Gi<br/>one for each instance")]
          end
          n6[("legacy<br/>external")]
          n3 --> n4
          n4 --> n1
          n1 --> n0
          n0 --> n2
          n0 -.-|"/data"| n5
          n1 -.-|"/read (read-only)"| n5
          n1 -.-|"/old"| n6

        """)
  }

  @Test("What two workloads mount from outside is one node")
  func whatIsSharedStandsOnce() throws {
    let one =
      "name: a\nservices:\n  - name: x\n    image: i:1\n    volumes: [{name: v, mountPath: /v, type: external}]\n"
    let graph = Graph(of: try Self.load(one + "---\n" + one.replacing("name: a", with: "name: b")))
    #expect(graph.groups.map(\.id) == ["a", "b"])
    #expect(graph.nodes.map(\.id) == ["external/v"])
    #expect(graph.edges.map(\.from) == ["a.x", "b.x"])
  }

  @Test("Other bodies are drawn by the names of their elements")
  func otherBodies() throws {
    let objects = """
      name: set
      kind: object_set
      objects:
        - {apiVersion: v1, kind: ConfigMap, object: first}
        - {apiVersion: v1, kind: Service, object: second, dependsOn: [ConfigMap/first]}

      """
    let graph = Graph(of: try Self.load(objects))
    #expect(graph.groups.first?.nodes.map(\.id) == ["set.ConfigMap/first", "set.Service/second"])
    #expect(graph.groups.first?.nodes.map(\.lines) == [["ConfigMap/first"], ["Service/second"]])
    #expect(graph.edges.map(\.to) == ["set.Service/second"])
  }

  @Test(
    "No text is taken for more than a text",
    arguments: ["\"]; x[\"", "a\\", "<img src=x>", "#35;", "`x`", "\u{1B}[31m"])
  func textsAreTexts(text: String) throws {
    var workload = try Self.load("name: a\nservices: [{name: x, image: i:1}]\n")[0]
    var volume = Volume()
    (volume.name, volume.mountPath, volume.type, volume.source) = ("v", "/v", .bind, text)
    workload.services[0].volumes = [volume]
    let graph = Graph(of: [workload])
    let mermaid = GraphMermaid.render(graph)
    let label = try #require(mermaid.split(separator: "\n").first { $0.contains("[(") })
    #expect(label.count { $0 == "\"" } == 2)
    for character in ["<img", "`", "\u{1B}"] { #expect(!mermaid.contains(character)) }
    let dot = GraphDOT.render(graph)
    #expect(!dot.contains("\u{1B}"))
    // A quote that is not escaped, or a backslash that escapes the closing one, would end the text elsewhere.
    let line = try #require(dot.split(separator: "\n").first { $0.contains("cylinder") })
    var (quotes, isEscaped) = (0, false)
    for character in line {
      if character == "\"", !isEscaped { quotes += 1 }
      isEscaped = character == "\\" && !isEscaped
    }
    #expect(quotes == 4)
  }
}
