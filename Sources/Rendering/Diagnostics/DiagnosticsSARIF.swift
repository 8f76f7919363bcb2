import Diagnostics
import Values

/// Diagnostics in the Static Analysis Results Interchange Format, version 2.1.0, which code hosts and editors
/// show beside the lines that are meant.
public enum DiagnosticsSARIF {
  /// A log with one run.
  ///
  /// - Parameter version: the version of berth.
  public static func render(_ diagnostics: Diagnostics, version: String) -> String {
    let codes = Set(diagnostics.map(\.code)).sorted { $0.rawValue < $1.rawValue }
    return CanonicalJSON.pretty([
      "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
      "version": "2.1.0",
      "runs": [
        [
          "tool": [
            "driver": ["name": "berth", "version": .string(version), "rules": .list(codes.map(rule))]
          ],
          "columnKind": "unicodeCodePoints",
          "results": .list(diagnostics.map { result($0, codes) }),
        ]
      ],
    ])
  }

  private static func rule(_ code: DiagnosticCode) -> Value {
    let entry = DiagnosticCatalogue.entry(for: code)
    return [
      "id": .string(code.rawValue), "shortDescription": ["text": .string(entry.title)],
      "fullDescription": ["text": .string(entry.explanation)],
    ]
  }

  private static func result(_ diagnostic: Diagnostic, _ codes: [DiagnosticCode]) -> Value {
    let help = diagnostic.help.map { "\n\($0)" } ?? ""
    var members: [Value.Member] = [
      .init("ruleId", .string(diagnostic.code.rawValue)),
      .init("ruleIndex", Value(codes.firstIndex(of: diagnostic.code))),
      .init("level", .string(diagnostic.severity == .error ? "error" : "warning")),
      .init("message", ["text": .string(diagnostic.message + help)]),
    ]
    if let place = diagnostic.location {
      members.append(.init("locations", [["physicalLocation": physical(place)]]))
    }
    if !diagnostic.related.isEmpty {
      members.append(
        .init(
          "relatedLocations",
          .list(
            diagnostic.related.map {
              ["physicalLocation": physical($0.location), "message": ["text": .string($0.message)]]
            })))
    }
    return .map(members)
  }

  private static func physical(_ place: SourceLocation) -> Value {
    [
      "artifactLocation": ["uri": .string(uri(place.file.name))],
      "region": [
        "startLine": Value(place.line), "startColumn": Value(place.column),
        "endColumn": Value(place.column + place.length),
      ],
    ]
  }

  /// A path as a reference of RFC 3986.
  private static func uri(_ path: String) -> String {
    var text = path.hasPrefix("/") ? "file://" : ""
    for byte in path.utf8 {
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "/"), UInt8(ascii: "-"), UInt8(ascii: "."),
        UInt8(ascii: "_"), UInt8(ascii: "~"):
        text.unicodeScalars.append(Unicode.Scalar(byte))
      default: text += "%" + Hex.upper(Int(byte), digits: 2)
      }
    }
    return text
  }
}
