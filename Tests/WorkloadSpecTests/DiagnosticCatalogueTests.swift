import Diagnostics
import Testing

@Suite struct DiagnosticCatalogueTests {
  /// The codes of the language whose examples are no specs, but commands or bytes.
  private static let withoutSpecs: Set<DiagnosticCode> = [
    .notUTF8, .controlCharacter, .unreadableFile, .fileTooLarge, .notRegularFile, .fileOutside,
    .unwritableFile, .unknownVariableGiven, .unknownVariableInFile, .fileNeedsAllowance,
  ]

  @Test("Every code is explained", arguments: DiagnosticCode.allCases)
  func everyCodeIsExplained(_ code: DiagnosticCode) {
    let entry = DiagnosticCatalogue.entry(for: code)
    for text in [entry.title, entry.explanation, entry.wrong, entry.right] { #expect(!text.isEmpty) }
    #expect(!entry.title.hasSuffix("."))
    #expect(entry.explanation.hasSuffix(".") || entry.explanation.hasSuffix(")"))
    #expect(entry.wrong != entry.right)
  }

  @Test(
    "Examples are what they say",
    arguments: DiagnosticCode.allCases.filter { $0.rawValue.dropFirst() < "06" && !withoutSpecs.contains($0) }
  )
  func examplesAreWhatTheySay(_ code: DiagnosticCode) {
    let entry = DiagnosticCatalogue.entry(for: code)
    let wrong = Loaded(entry.wrong).result.diagnostics
    #expect(wrong.contains { $0.code == code }, "\(wrong.map(\.message))")
    #expect(Loaded(entry.right).problems == [])
  }

  @Test("Codes are never used twice") func codesAreNeverUsedTwice() {
    #expect(Set(DiagnosticCode.allCases.map(\.rawValue)).count == DiagnosticCode.allCases.count)
    let form = /[EW](0[1-9]|1[01])[0-9]{2}/
    #expect(DiagnosticCode.allCases.allSatisfy { $0.rawValue.wholeMatch(of: form) != nil })
  }
}
