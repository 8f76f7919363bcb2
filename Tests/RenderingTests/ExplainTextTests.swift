import Testing

@testable import Diagnostics
@testable import Rendering

@Suite struct ExplainTextTests {
  private func text(_ explanation: String, wrong: String, right: String, width: Int = 0) -> String {
    ExplainText.render(
      .unknownKey,
      DiagnosticEntry(title: "an unknown key", explanation: explanation, wrong: wrong, right: right),
      style: TextStyle(width: width))
  }

  @Test("Everything is told") func everythingIsTold() {
    #expect(
      text(
        "A mapping holds a key that\nthe language does not know.\n\nIt is most likely misspelt.\n",
        wrong: "services:\n\n  - imgae: nginx\n\n", right: "services:\n  - image: nginx", width: 40) == """
          error[E0202]: an unknown key

          A mapping holds a key that the language
          does not know.

          It is most likely misspelt.

          Wrong:

              services:

                - imgae: nginx

          Right:

              services:
                - image: nginx

          """)
  }

  @Test("Every code is explained", arguments: DiagnosticCode.allCases)
  func everyCodeIsExplained(code: DiagnosticCode) {
    let text = ExplainText.render(code, style: TextStyle(width: 80))
    #expect(text.hasPrefix("\(code.severity.rawValue)[\(code.rawValue)]: \(code.title)\n\n"))
    #expect(text.contains("\nWrong:\n\n    ") && text.contains("\nRight:\n\n    "))
  }

  @Test("A long word has a line of its own") func aLongWordHasALineOfItsOwn() {
    let word = String(repeating: "x", count: 60)
    let explained = text("a \(word) b", wrong: "x", right: "y", width: 30)
    #expect(explained.contains("\n\na\n\(word)\nb\n\n"))
  }
}
