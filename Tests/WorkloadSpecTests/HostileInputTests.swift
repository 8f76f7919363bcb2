import Diagnostics
import Testing
import WorkloadSpec

/// Input that is made to hang, to crash or to use up the memory: it must end in diagnostics.
@Suite struct HostileInputTests {
  private let prefix = "name: a\nservices:\n- name: main\n  command: [x]\n"

  @Test("Nesting ends", arguments: ["[", "{a: ", "- ", "? ", "!!seq ["])
  func nestingEnds(_ opening: String) {
    let problems = Loaded(String(repeating: opening, count: 10_000)).problems
    #expect(problems.count == 1)
    #expect(["E0104", "E0108", "E0101"].contains(problems.first.map { String($0.prefix(5)) }))
  }

  @Test("Nesting by indentation ends") func nestingByIndentationEnds() {
    let text = (0..<10_000).map { String(repeating: " ", count: $0) + "a:" }.joined(separator: "\n")
    #expect(Loaded(text).problems == ["E0104 0:65:65"])
  }

  @Test("Nesting of content ends", arguments: ["json", "yaml"])
  func nestingOfContentEnds(_ format: String) {
    let content = String(repeating: "[", count: 100_000)
    let loaded = Loaded(
      prefix + "  configFiles: [{name: c, path: /c, format: \(format), content: '\(content)'}]\n")
    #expect(loaded.problems.map { $0.prefix(5) } == ["E0415"])
  }

  @Test("A long text is read") func aLongTextIsRead() {
    let text = String(repeating: "x", count: (64 << 20) - 100)
    let loaded = Loaded(prefix + "  env: {A: \(text)}\n")
    #expect(loaded.problems == [])
    #expect(loaded.workload?.main?.env["A"]?.utf8.count == text.utf8.count)
  }

  @Test("Aliases of long texts end") func aliasesOfLongTextsEnd() {
    let text = String(repeating: "x", count: 1 << 20)
    let aliases = String(repeating: "*a, ", count: 1000)
    #expect(Loaded("- &a \(text)\n- [\(aliases)]\n").problems.map { $0.prefix(5) } == ["E0106"])
  }

  @Test("Merge keys end") func mergeKeysEnd() {
    let text = "- &a {a: 1, b: 2}\n" + String(repeating: "- {<<: *a}\n", count: 100_000)
    #expect(Loaded(text).problems.map { $0.prefix(5) } == ["E0106"])
  }

  @Test("Many anchors under merge keys end") func manyAnchorsUnderMergeKeysEnd() {
    let anchors = (0..<50_000).map { "- &a\($0) x\n" }.joined()
    let loaded = Loaded(anchors + String(repeating: "- {<<: {}}\n", count: 50_000))
    #expect(loaded.problems == ["E0201 0:1:1"])
  }

  @Test("Variables that fill in much end") func variablesThatFillInMuchEnd() {
    let text = String(repeating: "x", count: 1 << 20)
    let uses = (0..<100).map { "A\($0): '${var.a}'" }.joined(separator: ", ")
    let loaded = Loaded(prefix + "  env: {\(uses)}\nvariables: [{name: a, default: \(text)}]\n")
    #expect(loaded.problems.allSatisfy { $0.hasPrefix("E0504") })
    #expect(loaded.problems.count == 36)
  }

  @Test("Diagnostics are capped") func diagnosticsAreCapped() {
    let keys = (0..<20_000).map { "k\($0): v\n" }.joined()
    let diagnostics = Loaded(keys).result.diagnostics
    #expect(diagnostics.count == Diagnostics.maximumCount)
    #expect(diagnostics.omittedCount == 20_000 + 2 - Diagnostics.maximumCount)
    #expect(diagnostics.hasErrors)
  }

  @Test("Duplicate keys end") func duplicateKeysEnd() {
    let env = (0..<20_000).map { "    K\($0): v\n" }.joined()
    let twice = String(repeating: "    K19999: v\n", count: 20_000)
    let diagnostics = Loaded(prefix + "  env:\n" + env + twice).result.diagnostics
    #expect(diagnostics.first?.code == .duplicateKey)
    #expect(diagnostics.count + diagnostics.omittedCount == 20_000)
  }

  @Test("Many services end") func manyServicesEnd() {
    let services = (0..<20_000).map { "- {name: s\($0), command: [x], dependsOn: [s\($0 + 1)]}\n" }.joined()
    #expect(Loaded("name: a\nservices:\n" + services).problems == ["E0304 0:3:1"])
  }

  @Test("The longest chain of services is read") func theLongestChainOfServicesIsRead() {
    let services = (1..<1000).map {
      "- {name: s\($0), role: sidecar, command: [x], dependsOn: [s\($0 - 1)]}\n"
    }
    let text = "name: a\nservices:\n- {name: s0, command: [x]}\n" + services.joined()
    let loaded = Loaded(text)
    #expect(loaded.problems == [])
    let order = ServiceOrder(loaded.workload?.services ?? [])
    #expect(order.startOrder == (0..<1000).map { "s\($0)" })
  }

  @Test("Many documents with errors end") func manyDocumentsWithErrorsEnd() {
    let diagnostics = Loaded(String(repeating: "---\na: b\n", count: 20_000)).result.diagnostics
    #expect(diagnostics.count == Diagnostics.maximumCount)
  }
}
