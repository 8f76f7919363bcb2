import Diagnostics
import Planning
import Rendering
import Testing

@Suite("Plans as a comment that an apply reads again")
struct PlanCommentTests {
  private static let id = String(repeating: "5b", count: 16)
  private static let marker = ReviewMarker(target: "local", namespace: "default")

  private func comment(id: String?) -> String {
    PlanComment.render(PlanReview([PlanFixture.plan([PlanFixture.action(.create, 0)])], id: id), Self.marker)
  }

  @Test("The marker is first and there once, the id is last")
  func whole() {
    let text = comment(id: Self.id)
    #expect(text.hasPrefix("\(Self.marker.text)\n"))
    #expect(text.ranges(of: Self.marker.text).count == 1)
    #expect(PlanComment.id(in: text) == Self.id)
    // As forges give it back.
    #expect(PlanComment.id(in: text.replacing("\n", with: "\r\n")) == Self.id)
  }

  @Test("A comment on workloads that could not all be planned for has the marker and no id")
  func part() {
    let text = comment(id: nil)
    #expect(text.hasPrefix("\(Self.marker.text)\n"))
    #expect(PlanComment.id(in: text) == nil)
  }

  @Test("An id that is not in the last line is none")
  func forged() {
    #expect(PlanComment.id(in: comment(id: Self.id) + "more\n") == nil)
    #expect(PlanComment.id(in: "") == nil)
    #expect(PlanComment.id(in: "<!-- berth id 5b -->") == nil)
  }

  @Test("Thousands of mistakes make a comment that fits")
  func failure() {
    let file = SourceFile(name: "shop.yaml", text: "name: shop\n")
    let place = SourceLocation(file: file, line: 1, column: 1, length: 4)
    let text = PlanComment.failure(
      Diagnostics((0..<2000).map { Diagnostic(.unknownKey, "there is no key `k\($0)`", at: place) }),
      Self.marker)
    #expect(text.unicodeScalars.count < PlanMarkdown.limit)
    #expect(text.hasPrefix("\(Self.marker.text)\n\n### No plan: 1000 errors\n"))
    #expect(text.hasSuffix("…\n```\n"))
  }
}
