import ComposeImport
import Diagnostics
import TestSupport
import Testing

/// What compose files become, case by case. With `BERTH_UPDATE_SPECS` set, what is expected is written anew.
@Suite struct ImportCaseTests {
  @Test("Cases become what is expected", arguments: ImportCase.all)
  func casesBecomeWhatIsExpected(_ item: ImportCase) throws {
    let result = item.run()
    let (text, messages) = (item.text(of: result), item.messages(of: result))
    #expect(try text == GeneratedText.kept(at: item.specPath, made: text))
    #expect(try messages == GeneratedText.kept(at: item.messagesPath, made: messages))
  }

  @Test("Results are valid specs", arguments: ImportCase.all)
  func resultsAreValidSpecs(_ item: ImportCase) {
    let result = item.run()
    #expect(result.diagnostics.hasErrors == result.workloads.isEmpty)
    let loaded = item.load(result)
    #expect(!loaded.diagnostics.hasErrors, "\(loaded.diagnostics.map(\.message))")
    #expect(loaded.workloads.map(\.workload.name) == result.workloads.map(\.name))
  }

  @Test("Results are valid split or not", arguments: ImportCase.all)
  func resultsAreValidSplitOrNot(_ item: ImportCase) {
    let results = [false, true].map { item.run(splits: $0) }
    for result in results {
      #expect(result.diagnostics.hasErrors == result.workloads.isEmpty)
      let loaded = item.load(result)
      #expect(!loaded.diagnostics.hasErrors, "\(loaded.diagnostics.map(\.message))")
    }
    // What can be imported at all can be split.
    if !results[0].diagnostics.hasErrors { #expect(!results[1].diagnostics.hasErrors) }
  }

  @Test("Every message names a place and helps", arguments: ImportCase.all)
  func everyMessageNamesAPlaceAndHelps(_ item: ImportCase) {
    for diagnostic in item.run().diagnostics {
      #expect(!diagnostic.message.hasSuffix("."))
      #expect(diagnostic.help != nil, "\(diagnostic.message)")
    }
  }

  @Test("There are many cases") func thereAreManyCases() {
    #expect(ImportCase.all.count >= 60)
  }

  @Test("Every code of the importer has a case") func everyCodeOfTheImporterHasACase() throws {
    // Whether a file is there already, which is read when none is named, and what a target must allow, is the
    // command's business.
    // Those of manifests have cases of their own.
    let elsewhere: Set<DiagnosticCode> = [
      .importExists, .composeFileChosen, .importNeedsPermission, .manifestInvalid, .importNeedsSecret,
    ]
    let covered = Set(ImportCase.all.flatMap { $0.run().diagnostics.map(\.code) })
    for code in DiagnosticCode.allCases where code.rawValue.dropFirst().hasPrefix("08") {
      #expect(covered.contains(code) || elsewhere.contains(code), "\(code.rawValue)")
    }
  }
}
