import Diagnostics
import Foundation
import WorkloadSpec

/// One case of `specs/conformance`: a file, or a folder whose files are layers.
struct ConformanceCase: CustomStringConvertible, Sendable {
  let description: String
  /// The path without an extension.
  private let stem: String
  private let layers: [SourceFile]

  /// The root of the package.
  static let package = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  /// The cases of a folder, ordered by name.
  static func all(in folder: String) -> [ConformanceCase] {
    let path = package.appendingPathComponent("specs/conformance/\(folder)").path
    let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
    return names.sorted().compactMap { name in
      let file = "\(path)/\(name)"
      if name.hasSuffix(".yaml") {
        return ConformanceCase(
          description: String(name.dropLast(5)), stem: String(file.dropLast(5)), layers: [source(file, name)])
      }
      guard !name.contains(".") else { return nil }
      let layers = ((try? FileManager.default.contentsOfDirectory(atPath: file)) ?? []).sorted()
      return ConformanceCase(
        description: name, stem: file, layers: layers.map { source("\(file)/\($0)", $0) })
    }
  }

  private static func source(_ path: String, _ name: String) -> SourceFile {
    SourceFile(name: name, bytes: [UInt8](FileManager.default.contents(atPath: path) ?? Data()))
  }

  /// What reading the case gives, with the variables that its first lines give.
  func load() -> LoadResult {
    var options = LoadOptions()
    for line in String(decoding: layers.first?.bytes ?? [], as: UTF8.self).split(separator: "\n") {
      guard line.hasPrefix("# "), let equals = line.firstIndex(of: "=") else { break }
      let value = String(line[line.index(after: equals)...])
      if line.hasPrefix("# var: ") { options.variables[String(line[..<equals].dropFirst(7))] = value }
      if line.hasPrefix("# env: ") { options.environment[String(line[..<equals].dropFirst(7))] = value }
    }
    return WorkloadLoader.load(layers: layers.map { [$0] }, options: options)
  }

  /// The lines of the case's `.expected` file; none if there is no such file.
  var expected: [String] {
    let text = (try? String(contentsOfFile: stem + ".expected", encoding: .utf8)) ?? ""
    return text.split(separator: "\n").map(String.init)
  }

  /// Where the canonical JSON of a valid case lies.
  var jsonPath: String { stem + ".json" }

  /// Diagnostics as `.expected` has them: code, the file where there are several, line and column.
  func lines(of diagnostics: Diagnostics) -> [String] {
    diagnostics.map { item in
      guard let place = item.location else { return "\(item.code.rawValue) -" }
      let file = layers.count > 1 ? place.file.name + ":" : ""
      return "\(item.code.rawValue) \(file)\(place.line):\(place.column)"
    }
  }
}
