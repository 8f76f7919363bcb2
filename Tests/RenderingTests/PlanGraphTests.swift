import Planning
import Rendering
import Testing
import WorkloadSpec

/// What plans are drawn as: their actions by kind, and in which order.
@Suite struct PlanGraphTests {
  private static let plan = PlanFixture.plan([
    PlanFixture.action(.create, 0),
    PlanFixture.action(.restart, 0, "api", after: ["create 0"], interrupts: true),
    // Those that follow from other arrows have none of their own.
    PlanFixture.action(.delete, 1, after: ["create 0", "restart 0.api"]),
    Action(.record, .workload, after: [ActionID("delete 1")]),
  ])

  @Test("Dot") func dot() {
    #expect(
      GraphDOT.render(Graph(of: [Self.plan])) == """
        digraph plan {
          rankdir=LR;
          node [shape=box, fontname="sans-serif"];
          subgraph "cluster_shop" {
            label="shop: 1 to restart";
            "shop/record workload" [label="record the release"];
            subgraph "cluster_shop/0" {
              label="instance 0";
              "shop/create 0" [label="create instance 0", fillcolor="#dafbe1", color="#1a7f37", style="filled"];
              "shop/restart 0.api" [label="restart api", peripheries=2, fillcolor="#fff8c5", color="#9a6700", style="filled"];
            }
            subgraph "cluster_shop/1" {
              label="instance 1";
              "shop/delete 1" [label="delete instance 1", fillcolor="#ffebe9", color="#cf222e", style="filled"];
            }
          }
          "shop/create 0" -> "shop/restart 0.api";
          "shop/restart 0.api" -> "shop/delete 1";
          "shop/delete 1" -> "shop/record workload";
        }

        """)
  }

  @Test("Mermaid") func mermaid() {
    #expect(
      GraphMermaid.render(Graph(of: [Self.plan])) == """
        flowchart LR
          subgraph g0["shop: 1 to restart"]
            n0["record the release"]
            subgraph g1["instance 0"]
              n1["create instance 0"]:::added
              n2[["restart api"]]:::changed
            end
            subgraph g2["instance 1"]
              n3["delete instance 1"]:::removed
            end
          end
          n1 --> n2
          n2 --> n3
          n3 --> n0
          classDef added fill:#dafbe1,stroke:#1a7f37,color:#1f2328
          classDef changed fill:#fff8c5,stroke:#9a6700,color:#1f2328
          classDef removed fill:#ffebe9,stroke:#cf222e,color:#1f2328

        """)
  }

  @Test("A workload begins when those that it depends on have ended, as far as they change")
  func workloads() {
    var web = PlanFixture.workload([PlanFixture.service("api")])
    (web.name, web.dependsOn) = ("web", StringSet(["shop", "quiet"]))
    let plans = [
      Self.plan, PlanFixture.plan([], name: "quiet"),
      PlanFixture.plan(
        [PlanFixture.action(.create, 0), PlanFixture.action(.create, 0, "api", after: ["create 0"])],
        desired: web,
        name: "web"),
    ]
    let graph = Graph(of: plans)
    #expect(graph.groups.map(\.id) == ["shop", "web"])
    #expect(
      graph.edges.suffix(2).map { "\($0.from) → \($0.to)" } == [
        "web/create 0 → web/create 0.api", "shop/record workload → web/create 0",
      ])
  }

  @Test("What a paused rollout has still to do stands in a frame of its own")
  func pause() {
    let graph = Graph(of: [
      PlanFixture.plan(
        Self.plan.actions,
        afterPause: [
          PlanFixture.action(.create, 0), PlanFixture.action(.create, 0, "api", after: ["create 0"]),
        ])
    ])
    #expect(
      graph.groups.map(\.title) == [
        "shop: 1 to restart", "After `berth promote shop`: 1 to create.",
      ])
    #expect(graph.edges.last?.from == "shop after the pause/create 0")
  }

  @Test(
    "No label begins a list or an emphasis, which Mermaid would take for Markdown",
    arguments: [
      ("- x", "#45; x"), ("+", "#43;"), ("1. x", "1#46; x"), ("12) x", "12#41; x"),
      ("127.0.0.1 x", "127.0.0.1 x"),
      ("-x", "-x"), ("stateful_set", "stateful_set"), ("__x", "#95;#95;x"), ("a*b*", "a#42;b#42;"),
    ])
  func markdown(_ text: String, _ expected: String) {
    var workload = PlanFixture.workload([PlanFixture.service("api")])
    var volume = Volume()
    (volume.name, volume.mountPath, volume.type, volume.source) = ("v", "/v", .bind, text)
    workload.services[0].volumes = [volume]
    #expect(GraphMermaid.render(Graph(of: [workload])).contains("[(\"\(expected)\")]"))
  }
}
