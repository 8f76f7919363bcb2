import Foundation
import Testing

/// Drawings of files and of plans, read by the real Graphviz.
@Suite(.enabled(if: InstalledProgram.path("dot") != nil, "Graphviz (dot) is not installed here"))
struct GraphCommandTests {
  let sandbox: Sandbox

  init() throws {
    sandbox = try Sandbox()
    try sandbox.write(
      "w.yaml",
      #"""
      name: db
      kind: stateful_set
      replicas: 2
      services:
        - {name: prepare, role: init, command: ["true"]}
        - {name: main, command: [sleep, '86400'], stopGrace: 1s, volumes: [{name: data, mountPath: /data, type: persistent, size: 1Gi}]}
      ---
      name: web
      dependsOn: [db]
      services:
        - {name: main, command: [sleep, '86400'], stopGrace: 1s, env: {QUOTE: "\"]; x [\""}}
        - {name: clock, role: sidecar, command: [sleep, '86400'], stopGrace: 1s}

      """#)
  }

  /// The titles of the boxes and the number of arrows in what Graphviz makes of a drawing.
  private func read(_ command: String) throws -> (titles: [String], arrows: Int) {
    let result = try sandbox.shell(
      "'\(Sandbox.program)' \(command) > drawing.dot && '\(InstalledProgram.path("dot") ?? "")' -Tjson drawing.dot"
    )
    #expect(result.status == 0 && result.errors.isEmpty, "\(result.errors)")
    let json = try result.json
    let objects = json["objects"]?.list ?? []
    return (objects.compactMap { $0["label"]?.string }, json["edges"]?.list?.count ?? 0)
  }

  @Test("Files are drawn") func filesAreDrawn() throws {
    let (titles, arrows) = try read("graph -f w.yaml --format dot")
    #expect(
      Set(titles).isSuperset(of: [
        "db, stateful_set ×2", "web", #"prepare (init)"#, "main", "clock (sidecar)",
      ]))
    #expect(arrows == 4)
  }

  @Test("Plans are drawn") func plansAreDrawn() throws {
    let (titles, arrows) = try read("plan -f w.yaml --format dot")
    #expect(Set(titles).isSuperset(of: ["instance 0", "instance 1", "create main", "record the release"]))
    #expect(titles.contains { $0.hasPrefix("web: ") } && arrows > 5)
  }
}
