import Rendering
import Testing
import WorkloadSpec

@Suite struct ExplainTextTests {
  private func text(
    _ explanation: String, wrong: String? = nil, right: String? = nil, width: Int = 0,
    code: DiagnosticCode = .unknownKey
  ) -> String {
    ExplainText.render(
      code, title: "an unknown key", explanation: explanation, wrong: wrong, right: right,
      style: TextStyle(width: width))
  }

  @Test func everythingIsTold() {
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

  @Test func whatThereIsNotIsLeftOut() {
    #expect(text("No.", code: .unusedVariable) == "warning[W0501]: an unknown key\n\nNo.\n")
  }

  @Test func aLongWordHasALineOfItsOwn() {
    let word = String(repeating: "x", count: 60)
    #expect(text("a \(word) b", width: 30).hasSuffix("\n\na\n\(word)\nb\n"))
  }
}
