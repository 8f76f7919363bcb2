import ArgumentParser
import Diagnostics
import Rendering

/// `berth explain`: tells more about a diagnostic.
struct ExplainCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "explain",
    abstract: "Tell more about a diagnostic code: the reason, a wrong and a right example.",
    discussion: """
      Examples:
        berth explain E0202
        berth explain
      """)

  @Argument(
    help: "The code, such as E0202; without one, all codes are listed.",
    completion: .list(DiagnosticCode.allCases.map(\.rawValue)))
  var code: String?

  func run() async throws {
    try await reporting { console in
      guard let code else {
        console.write(ExplainText.renderList(style: console.style))
        return
      }
      guard let known = DiagnosticCode(rawValue: code.uppercased()) else {
        let all = DiagnosticCode.allCases.map(\.rawValue)
        throw ValidationError(
          "There is no diagnostic \(code)."
            + (Suggestion.nearest(to: code.uppercased(), among: all).map { " Did you mean \($0)?" } ?? ""))
      }
      console.write(ExplainText.render(known, style: console.style))
    }
  }
}
