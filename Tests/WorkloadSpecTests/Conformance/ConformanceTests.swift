import Diagnostics
import Foundation
import TestSupport
import Testing
import Values
import WorkloadSpec

@Suite struct ConformanceTests {
  @Test("Valid specs are read as stated", arguments: ConformanceCase.all(in: "valid"))
  func validSpecsAreReadAsStated(_ item: ConformanceCase) throws {
    let result = item.load()
    #expect(item.lines(of: result.diagnostics).sorted() == item.expected.sorted())
    #expect(!result.diagnostics.hasErrors)
    let json = CanonicalJSON.pretty(.list(result.workloads.map(\.workload.plain)))
    #expect(try json == GeneratedText.kept(at: item.jsonPath, made: json))
    for loaded in result.workloads {
      #expect(try Workload(json: loaded.workload.json) == loaded.workload)
    }
  }

  @Test("Invalid specs are refused where they are wrong", arguments: ConformanceCase.all(in: "invalid"))
  func invalidSpecsAreRefusedWhereTheyAreWrong(_ item: ConformanceCase) {
    let result = item.load()
    #expect(item.lines(of: result.diagnostics).sorted() == item.expected.sorted())
    #expect(result.diagnostics.hasErrors)
    for diagnostic in result.diagnostics {
      #expect(!diagnostic.message.isEmpty && !diagnostic.message.hasSuffix("."))
      #expect(diagnostic.severity == .warning || diagnostic.help != nil, "\(diagnostic.message)")
    }
  }

  @Test("There are many cases") func thereAreManyCases() {
    #expect(ConformanceCase.all(in: "valid").count >= 50)
    #expect(ConformanceCase.all(in: "invalid").count >= 150)
  }

  @Test("Every code of the language has a case") func everyCodeOfTheLanguageHasACase() {
    // What depends on the file system is tested with the reading of files.
    let elsewhere: Set<DiagnosticCode> = [
      .unreadableFile, .fileTooLarge, .notRegularFile, .fileOutside, .unwritableFile, .unknownVariableInFile,
      .fileNeedsAllowance,
    ]
    var covered: Set<String> = []
    for item in ConformanceCase.all(in: "valid") + ConformanceCase.all(in: "invalid") {
      for line in item.expected { covered.insert(String(line.prefix { $0 != " " })) }
    }
    for code in DiagnosticCode.allCases where code.rawValue.dropFirst(1) < "06" {
      #expect(covered.contains(code.rawValue) || elsewhere.contains(code), "\(code.rawValue)")
    }
  }
}
