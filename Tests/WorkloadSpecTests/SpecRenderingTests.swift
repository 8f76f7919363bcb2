import Testing
import WorkloadSpec

@Suite struct SpecRenderingTests {
  @Test("What is rendered is read back", arguments: ConformanceCase.all(in: "valid"))
  func whatIsRenderedIsReadBack(_ item: ConformanceCase) {
    let workloads = item.load().workloads.map(\.workload)
    for render in [SpecRendering.yaml, renderEachAsJSON] {
      let text = render(workloads)
      let loaded = Loaded(text)
      #expect(!loaded.result.diagnostics.hasErrors, "\(loaded.messages) \(text)")
      #expect(loaded.result.workloads.map(\.workload) == workloads)
      #expect(render(loaded.result.workloads.map(\.workload)) == text)
    }
  }

  /// A JSON list is no spec, but each of its elements is.
  private func renderEachAsJSON(_ workloads: [Workload]) -> String {
    workloads.map { SpecRendering.json([$0]) }
      .map { $0.dropFirst(2).dropLast(2) + "" }.joined(separator: "---\n")
  }

  @Test(
    "Every text survives",
    arguments: [
      "", " ", "a", "a b", "a ", " a", "yes", "No", "null", "~", "1", "1.10", "-", "- a", "a: b", "a:",
      "a #b",
      "#a", "/bin/x", "a\nb", "a\nb\n", "a\n\nb\n", "a\n", "\na", "a\n\n", "  a\nb", "a\n  b\n", "a\n \nb",
      "\t", "a\tb",
      "a\r\nb", "é\nü\n", "🙂", "\u{85}\u{2028}\n", "\u{7}", "{a}", "[a]", "*a", "&a", "!a", "%a", "@a", "`a`",
      "'a'",
      "\"a\"", "a\\b", "|", ">", "? a", "a, b", "0x1F", "2026-11-21", "true", "on", "=", "<<", "--- a", "---",
      "...", "\u{FEFF}a", "${HOME}", "$${HOME}", "$$${HOME}", "${root}/x", "$${root}", "$", "$$", "${var.x}",
      "a\nb: ${x}\n",
    ])
  func everyTextSurvives(_ text: String) {
    var service = Service()
    service.name = "main"
    service.command = ["x", text]
    service.env = ["A": text]
    var workload = Workload()
    workload.name = "a"
    workload.services = [service]
    let rendered = SpecRendering.yaml([workload])
    let loaded = Loaded(rendered)
    #expect(loaded.workload == workload, "\(rendered) \(loaded.messages)")
  }

  @Test("Texts of several lines are blocks") func textsOfSeveralLinesAreBlocks() {
    let yaml = CanonicalYAML.document(["a": ["b": "one\n\ntwo\n", "c": ["x", "y\nz"], "d": [], "e": 5]])
    #expect(
      yaml == """
        a:
          b: |
            one

            two
          c:
            - x
            - |-
              y
              z
          d: []
          e: 5

        """)
  }
}
