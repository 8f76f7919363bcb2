import Diagnostics
import Rendering
import Testing

@Suite struct DiagnosticsTextTests {
  private func text(
    _ source: String, line: Int, column: Int, length: Int = 1, width: Int = 0, help: String? = nil
  ) -> String {
    let place = SourceLocation(
      file: SourceFile(name: "shop.yaml", text: source), line: line, column: column, length: length)
    return DiagnosticsText.render(
      Diagnostics([Diagnostic(.unknownKey, "a service has no key `imgae`", at: place, help: help)]),
      style: TextStyle(width: width))
  }

  @Test("Nothing is said of nothing") func nothingIsSaidOfNothing() {
    #expect(DiagnosticsText.render(Diagnostics(), style: TextStyle()) == "")
  }

  @Test("A diagnostic shows its line") func aDiagnosticShowsItsLine() {
    let source = String(repeating: "#\n", count: 11) + "    imgae: nginx\n"
    #expect(
      text(source, line: 12, column: 5, length: 5, help: "did you mean `image`?") == """
        error[E0202]: a service has no key `imgae`
          --> shop.yaml:12:5
           |
        12 |     imgae: nginx
           |     ^^^^^
           = help: did you mean `image`?

        1 error

        """)
  }

  @Test("Other places follow") func otherPlacesFollow() {
    let file = SourceFile(name: "shop.yaml", text: "services:\n  - name: api\n  - name: api\n")
    let diagnostics = Diagnostics([
      Diagnostic(
        .duplicateService, "two services are named `api`",
        at: SourceLocation(file: file, line: 3, column: 11, length: 3), help: "give one another name",
        related: [
          RelatedLocation(
            message: "the first one is here",
            location: SourceLocation(file: file, line: 2, column: 11, length: 3))
        ]),
      Diagnostic(.floatingTag, "the tag `latest` may be another image tomorrow"),
      Diagnostic(.noMain, "no service has the role `main`", help: "a workload has exactly one"),
    ])
    #expect(
      DiagnosticsText.render(diagnostics, style: TextStyle()) == """
        error[E0403]: two services are named `api`
         --> shop.yaml:3:11
          |
        3 |   - name: api
          |           ^^^
         ::: shop.yaml:2:11
          |
        2 |   - name: api
          |           --- the first one is here
          = help: give one another name

        warning[W0401]: the tag `latest` may be another image tomorrow

        error[E0401]: no service has the role `main`
          = help: a workload has exactly one

        2 errors, 1 warning

        """)
  }

  /// The shown line and the line of carets, behind the gutter.
  private func excerpt(_ line: String, column: Int, length: Int, width: Int = 0) -> [Substring] {
    text(line + "\n", line: 1, column: column, length: length, width: width).split(separator: "\n")[3...4].map
    {
      $0.dropFirst(4)
    }
  }

  @Test(
    "Carets stand under the span",
    arguments: [
      ("a tab before", "\tname: x", 2, 4, "    name: x", "    ^^^^"),
      ("a tab within", "ab\tcd", 4, 2, "ab  cd", "    ^^"),
      ("wide characters", "名前: 値", 5, 1, "名前: 値", "      ^^"),
      ("a combining mark", "e\u{301}a: b", 3, 1, "e\u{301}a: b", " ^"),
      ("an emoji of several scalars", "👩‍👩‍👧: x", 8, 1, "👩‍👩‍👧: x", "    ^"),
      ("a span that begins within a character", "e\u{301}a", 2, 1, "e\u{301}a", "^"),
      ("an escape sequence", "\u{1B}[31mx: y", 6, 1, "\\u{1B}[31mx: y", "          ^"),
      ("text that is turned around", "a\u{202E}b", 3, 1, "a\\u{202E}b", "         ^"),
      ("the end of the line", "abc", 4, 1, "abc", "   ^"),
      ("beyond the end of the line", "abc", 40, 5, "abc", "   ^"),
      ("a span longer than the line", "abc", 2, 50, "abc", " ^^"),
    ])
  func caretsStandUnderTheSpan(
    what: String, line: String, column: Int, length: Int, shown: String, carets: String
  ) {
    #expect(excerpt(line, column: column, length: length).map(String.init) == [shown, carets], "\(what)")
  }

  @Test("A long line is shown around the span") func aLongLineIsShownAroundTheSpan() {
    let line = String(repeating: "a", count: 300) + "XYZ" + String(repeating: "b", count: 300)
    let shown = excerpt(line, column: 301, length: 3, width: 44)
    #expect(shown[0].hasPrefix("…") && shown[0].hasSuffix("…"))
    #expect(shown[0].count == 40)
    let carets = Array(zip(shown[0], shown[1])).filter { $0.1 == "^" }.map(\.0)
    #expect(carets == ["X", "Y", "Z"])
    #expect(excerpt(line, column: 1, length: 2, width: 44)[1] == "^^")
    let end = excerpt(line, column: 603, length: 1, width: 44)
    #expect(end[0].hasSuffix("b") && end[1].count == end[0].count)
    let whole = excerpt(line, column: 1, length: 603, width: 44)
    #expect(whole[1] == String(repeating: "^", count: 39)[...])
  }

  @Test("Lines end as they like") func linesEndAsTheyLike() {
    #expect(text("\u{FEFF}a: 1\r\nb: 2\r\n", line: 1, column: 1).contains("\n1 | a: 1\n  | ^\n"))
    #expect(text("a: 1\r\nb: 2", line: 2, column: 1).contains("\n2 | b: 2\n  | ^\n"))
    #expect(text("", line: 1, column: 1).contains("\n1 |\n  | ^\n"))
    #expect(text("a\n", line: 9, column: 1).contains("\n9 |\n  | ^\n"))
  }

  @Test("Colours are used when asked for") func coloursAreUsedWhenAskedFor() {
    let place = SourceLocation(file: SourceFile(name: "a.yaml", text: "x: 1\n"), line: 1, column: 1)
    let diagnostics = Diagnostics([Diagnostic(.unknownKey, "no", at: place, help: "yes")])
    let plain = DiagnosticsText.render(diagnostics, style: TextStyle())
    let coloured = DiagnosticsText.render(diagnostics, style: TextStyle(colour: true))
    #expect(!plain.contains("\u{1B}"))
    #expect(coloured.contains("\u{1B}[1;31merror[E0202]\u{1B}[0m"))
    #expect(coloured.replacing(#/\x1B\[[0-9;]*m/#, with: "") == plain)
  }

  @Test("Messages cannot steer the terminal") func messagesCanNotSteerTheTerminal() {
    let file = SourceFile(name: "a\u{1B}]0;owned\u{7}.yaml", text: "x: 1\n")
    let text = DiagnosticsText.render(
      Diagnostics([
        Diagnostic(
          .badName, "`\u{1B}[2J\n` is not a name", at: SourceLocation(file: file, line: 1, column: 1),
          help: "\u{9B}31m")
      ]), style: TextStyle())
    #expect(
      !text.unicodeScalars.contains { $0.value < 0x20 && $0 != "\n" || (0x7F...0x9F).contains($0.value) })
    #expect(text.contains("`\\u{1B}[2J\\n` is not a name"))
  }
}
