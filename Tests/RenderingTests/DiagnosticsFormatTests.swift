import Diagnostics
import Rendering
import Testing
import Values

@Suite struct DiagnosticsFormatTests {
  let diagnostics: Diagnostics = {
    let file = SourceFile(name: "my specs/shop.yaml", text: "name: shop\nimgae: x\n")
    return Diagnostics([
      Diagnostic(
        .unknownKey, "a workload has no key `imgae`, at all",
        at: SourceLocation(file: file, line: 2, column: 1, length: 5), help: "100% sure?",
        related: [
          RelatedLocation(
            message: "in this", location: SourceLocation(file: file, line: 1, column: 1, length: 4))
        ]),
      Diagnostic(.unusedVariable, "the variable `tag` is not used"),
    ])
  }()

  @Test("JSON") func json() {
    #expect(
      DiagnosticsJSON.render(diagnostics) == """
        {
          "diagnostics": [
            {
              "code": "E0202",
              "severity": "error",
              "message": "a workload has no key `imgae`, at all",
              "file": "my specs/shop.yaml",
              "line": 2,
              "column": 1,
              "help": "100% sure?"
            },
            {
              "code": "W0501",
              "severity": "warning",
              "message": "the variable `tag` is not used",
              "file": null,
              "line": null,
              "column": null,
              "help": null
            }
          ]
        }

        """)
    #expect(DiagnosticsJSON.render(Diagnostics()) == "{\n  \"diagnostics\": []\n}\n")
  }

  @Test("Git hub") func gitHub() {
    #expect(
      DiagnosticsGitHub.render(diagnostics) == """
        ::error file=my specs/shop.yaml,line=2,col=1,endColumn=6,title=E0202::a workload has no key `imgae`, at \
        all%0A100%25 sure?
        ::warning title=W0501::the variable `tag` is not used

        """)
    let file = SourceFile(name: "a,b:c%\n.yaml", text: "x")
    let hostile = Diagnostics([
      Diagnostic(.badName, "x\n::set-env::y", at: SourceLocation(file: file, line: 1, column: 1))
    ])
    #expect(
      DiagnosticsGitHub.render(hostile)
        == "::error file=a%2Cb%3Ac%25%0A.yaml,line=1,col=1,endColumn=2,title=E0301::x%0A::set-env::y\n")
  }

  @Test("Git lab") func gitLab() throws {
    let list = try #require(try Value(json: DiagnosticsGitLab.render(diagnostics)).list)
    #expect(list.map { $0["check_name"]?.string } == ["E0202", "W0501"])
    #expect(list.map { $0["severity"]?.string } == ["critical", "minor"])
    #expect(list[0]["location"] == ["path": "my specs/shop.yaml", "lines": ["begin": 2]])
    #expect(list[0]["description"]?.string == "a workload has no key `imgae`, at all: 100% sure?")
    #expect(list[1]["location"] == ["path": ".", "lines": ["begin": 1]])
  }

  @Test("Git lab fingerprints stay and differ") func gitLabFingerprintsStayAndDiffer() throws {
    func fingerprints(_ lines: [Int]) throws -> [String?] {
      let file = SourceFile(name: "a.yaml", text: "")
      let items = lines.map {
        Diagnostic(.unknownKey, "no key `x`", at: SourceLocation(file: file, line: $0, column: 1))
      }
      return try Value(json: DiagnosticsGitLab.render(Diagnostics(items))).list?.map {
        $0["fingerprint"]?.string
      }
        ?? []
    }
    #expect(try fingerprints([1, 2]) == fingerprints([11, 12]))
    #expect(try Set(fingerprints([1, 2])).count == 2)
  }

  /// What the catalogue explains, as it stands in JSON.
  private func explanation(_ code: DiagnosticCode) -> String {
    CanonicalJSON.compact(.string(DiagnosticCatalogue.entry(for: code).explanation))
  }

  @Test("SARIF") func sarif() throws {
    #expect(
      DiagnosticsSARIF.render(diagnostics, version: "1.2.3") == """
        {
          "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
          "version": "2.1.0",
          "runs": [
            {
              "tool": {
                "driver": {
                  "name": "berth",
                  "version": "1.2.3",
                  "rules": [
                    {
                      "id": "E0202",
                      "shortDescription": {
                        "text": "\(DiagnosticCode.unknownKey.title)"
                      },
                      "fullDescription": {
                        "text": \(explanation(.unknownKey))
                      }
                    },
                    {
                      "id": "W0501",
                      "shortDescription": {
                        "text": "\(DiagnosticCode.unusedVariable.title)"
                      },
                      "fullDescription": {
                        "text": \(explanation(.unusedVariable))
                      }
                    }
                  ]
                }
              },
              "columnKind": "unicodeCodePoints",
              "results": [
                {
                  "ruleId": "E0202",
                  "ruleIndex": 0,
                  "level": "error",
                  "message": {
                    "text": "a workload has no key `imgae`, at all\\n100% sure?"
                  },
                  "locations": [
                    {
                      "physicalLocation": {
                        "artifactLocation": {
                          "uri": "my%20specs/shop.yaml"
                        },
                        "region": {
                          "startLine": 2,
                          "startColumn": 1,
                          "endColumn": 6
                        }
                      }
                    }
                  ],
                  "relatedLocations": [
                    {
                      "physicalLocation": {
                        "artifactLocation": {
                          "uri": "my%20specs/shop.yaml"
                        },
                        "region": {
                          "startLine": 1,
                          "startColumn": 1,
                          "endColumn": 5
                        }
                      },
                      "message": {
                        "text": "in this"
                      }
                    }
                  ]
                },
                {
                  "ruleId": "W0501",
                  "ruleIndex": 1,
                  "level": "warning",
                  "message": {
                    "text": "the variable `tag` is not used"
                  }
                }
              ]
            }
          ]
        }

        """)
  }
}
