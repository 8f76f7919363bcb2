import Diagnostics
import DockerProvider
import KubernetesImport
import KubernetesProvider
import SpecImport
import TestSupport
import Testing
import WorkloadSpec

/// What manifests become, case by case. With `BERTH_UPDATE_SPECS` set, what is expected is written anew.
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
    let files = result.workloads.map { SourceFile(name: "\($0.name).yaml", text: $0.text) }
    let loaded = WorkloadLoader.load(
      layers: [files], options: LoadOptions(engines: [DockerFields.all, KubernetesFields.all]))
    #expect(!loaded.diagnostics.hasErrors, "\(loaded.diagnostics.map(\.message))")
    #expect(loaded.workloads.map(\.workload.name) == result.workloads.map(\.name))
  }

  @Test("Every message helps", arguments: ImportCase.all)
  func everyMessageHelps(_ item: ImportCase) {
    for diagnostic in item.run().diagnostics {
      #expect(!diagnostic.message.hasSuffix("."))
      #expect(diagnostic.help != nil, "\(diagnostic.message)")
    }
  }

  /// Every value of a Secret in the cases begins or ends like this, plain or in base64.
  @Test("No value of a secret is in a spec or a message", arguments: ImportCase.all)
  func noValueOfASecretIsInASpecOrAMessage(_ item: ImportCase) {
    let result = item.run()
    let all = item.text(of: result) + result.diagnostics.map { $0.message + ($0.help ?? "") }.joined()
    for value in ["s3cr3t", "czNjcjN0", "zM2NyM3", "M2cjN0"] { #expect(!all.contains(value)) }
  }

  @Test("Every code of the importer has a case") func everyCodeOfTheImporterHasACase() throws {
    let own: Set<DiagnosticCode> = [
      .manifestInvalid, .importNothing, .importLoss, .importResult, .importMain, .notCarriedOver,
      .carriedOverDifferently, .importUnknownKey, .workloadBoundary, .serviceRenamed, .serviceLeftOut,
      .importNeedsSecret,
    ]
    let covered = Set(ImportCase.all.flatMap { $0.run().diagnostics.map(\.code) })
    #expect(own.subtracting(covered).map(\.rawValue) == [])
  }
}
