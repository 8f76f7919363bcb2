import Testing

@testable import WorkloadSpec

/// What is taken for YAML without a parser is YAML to the parser.
@Suite struct FlatYAMLTests {
  @Test(
    "Flat texts need no parser",
    arguments: ["workers: 4\n", "a: b", "log-level: info\npath: a/b.c\nx.y: 10\n"])
  func flatTextsNeedNoParser(text: String) {
    #expect(YAMLSyntax.isFlat(text) && YAMLSyntax.parsingProblem(in: text) == nil)
  }

  @Test(
    "Other texts do",
    arguments: [
      "", "a", "a:", "a:b", "a: b\n\n", " a: b", "a: b c", "a: #", "a: - b", "- a: b", "a: {b", "a: 'b",
      "a : b", "a: b:",
      "--- a: b", "a: *b", "a: b\r\n", "é: b", "a: é",
    ])
  func otherTextsDo(text: String) { #expect(!YAMLSyntax.isFlat(text)) }

  @Test("What looks flat is never refused") func whatLooksFlatIsNeverRefused() {
    var random = SystemRandomNumberGenerator()
    let pieces = ["a", "b1", ": ", ":", " ", "\n", "-", ".", "/", "_", "0", "#", "a: b\n", "key: value"]
    var flat = 0
    for _ in 0..<20_000 {
      let text = (0..<Int.random(in: 1...8, using: &random)).map { _ in
        pieces[Int.random(in: 0..<pieces.count, using: &random)]
      }.joined()
      guard YAMLSyntax.isFlat(text) else { continue }
      flat += 1
      #expect(YAMLSyntax.parsingProblem(in: text) == nil, "\(text)")
    }
    #expect(flat > 100)
  }
}
