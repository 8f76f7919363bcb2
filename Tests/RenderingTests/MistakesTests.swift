import Diagnostics
import Foundation
import Rendering
import TestSupport
import Testing
import WorkloadSpec

/// `docs/errors.md` shows what berth prints for mistakes that people really make, beside what docker compose
/// prints for the same ones. The files are in `specs/mistakes`; what compose printed is kept there, too.
@Suite struct MistakesTests {
  static let project = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()
  static let folder = project.appendingPathComponent("specs/mistakes")

  static func names() throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { !$0.hasPrefix(".") }.sorted()
  }

  static func text(_ name: String, _ file: String) throws -> String {
    try String(contentsOf: folder.appendingPathComponent("\(name)/\(file)"), encoding: .utf8)
  }

  /// The title, which stands in the first line as a comment, and the spec, which is the rest.
  static func mistake(_ name: String) throws -> (title: String, spec: SourceFile) {
    let lines = try text(name, "workload.yaml").split(separator: "\n", omittingEmptySubsequences: false)
    let title = String(lines[0].drop { $0 == "#" || $0 == " " })
    return (title, SourceFile(name: "workload.yaml", text: lines.dropFirst().joined(separator: "\n")))
  }

  static func document() throws -> String {
    var text = """
      # What berth says of mistakes

      <!-- Made from the files in specs/mistakes; a test keeps it current, and writes it anew when the environment
      variable BERTH_UPDATE_SPECS is set. -->

      Mistakes that people really make, what `berth validate` prints for each, and what `docker compose config -q` (2.26.1)
      prints for the same mistake in a compose file.

      """
    for name in try names() {
      let (title, spec) = try mistake(name)
      let printed = DiagnosticsText.render(
        WorkloadLoader.load(layers: [[spec]]).diagnostics, style: TextStyle())
      text += """

        ## \(title)

        ```yaml
        \(String(decoding: spec.bytes, as: UTF8.self).trimmingCharacters(in: .newlines))
        ```

        ```text
        \(printed.trimmingCharacters(in: .newlines))
        ```

        docker compose:

        ```text
        \(try self.text(name, "compose.txt").trimmingCharacters(in: .newlines))
        ```

        """
    }
    return text
  }

  @Test("Every mistake is an error with a place and help") func everyMistakeIsAnErrorWithAPlaceAndHelp()
    throws
  {
    let names = try Self.names()
    #expect(names.count >= 20)
    for name in names {
      let errors = WorkloadLoader.load(layers: [[try Self.mistake(name).spec]]).diagnostics
        .filter { $0.severity == .error }
      #expect(!errors.isEmpty, "\(name)")
      #expect(errors.allSatisfy { $0.location != nil && $0.help != nil }, "\(name)")
    }
  }

  @Test("The document is current") func theDocumentIsCurrent() throws {
    let wanted = try Self.document()
    let path = Self.project.appendingPathComponent("docs/errors.md").path
    let kept = try GeneratedText.kept(at: path, made: wanted)
    #expect(kept == wanted, "docs/errors.md is not current: run `make docs`")
  }
}
