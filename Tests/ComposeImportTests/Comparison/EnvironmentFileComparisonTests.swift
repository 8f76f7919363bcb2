import Foundation
import ProviderContract
import SpecImport
import Testing
import WorkloadSpec

@testable import ComposeImport

/// Made-up environment files, read by an import and by the real `docker compose`. Skipped where BERTH_TEST_COMPOSE
/// names no program; `make compare-compose` compares many.
@Suite(.enabled(if: ComposePlugin.isThere)) struct EnvironmentFileComparisonTests {
  /// How many services, each with files of its own, one compose file lists: to start compose takes longer than to
  /// read a file.
  private static let batchSize = 200

  /// A service with its environment files.
  private struct Unit {
    let name: String
    let files: [(name: String, text: String)]

    var line: String { "  \(name): {image: x, env_file: [\(files.map(\.name).joined(separator: ", "))]}" }
  }

  private static let shell = ["OUTER": "from the shell", "SHELL": "/bin/$x", "PATH": "/usr/bin:/bin"]
  private static let standard = "OUTER=from the file\nOUTER_EMPTY=\n_x1='a \"b'\n"

  @Test(
    "Environment files are read as compose reads them",
    arguments: Array(stride(from: 0, to: ComparisonSettings.environmentFiles, by: batchSize)))
  func environmentFilesAreReadAsComposeReadsThem(from first: Int) throws {
    let count = min(Self.batchSize, ComparisonSettings.environmentFiles - first)
    let units = (first..<(first + count)).map { Self.unit($0) }
    try ComparisonSettings.withFolder { folder in
      try Self.standard.write(toFile: "\(folder)/.env", atomically: false, encoding: .utf8)
      for file in units.flatMap(\.files) {
        try file.text.write(toFile: "\(folder)/\(file.name)", atomically: false, encoding: .utf8)
      }
      let refused = try Self.refused(units, in: folder)
      for unit in units where refused.contains(unit.name) { try Self.expectRefusal(of: unit, in: folder) }
      try Self.compare(units.filter { !refused.contains($0.name) }, in: folder)
    }
  }

  /// No two files of a service set one name, and only the last sets what the project sets, too: versions of compose
  /// disagree about which value counts then for the lines below, and a test of their own says what an import does.
  private static func unit(_ index: Int) -> Unit {
    var text = RandomText(numbers: ComparisonSettings.numbers(for: index))
    let earlier = ["FIRST", "SECOND", "third.x"]
    let later = ["A", "B_2", "c", "Long_Name-x", "d.e", "é", "1ST", "A[0]"]
    var files: [(String, String)] = []
    if text.chance(3) {
      var maker = EnvironmentFileMaker(text.numbers, setNames: earlier, otherNames: [])
      files.append(("first\(index).env", maker.file()))
    }
    let names =
      text.chance(4) ? later[..<5] + RandomText.outerNames : Array(later[..<(text.chance(12) ? 8 : 5)])
    var maker = EnvironmentFileMaker(
      ComparisonSettings.numbers(for: index + 1 << 32), setNames: names, otherNames: earlier)
    files.append(("last\(index).env", maker.file()))
    return Unit(name: "s\(index)", files: files)
  }

  // MARK: Both sides

  private static func write(_ units: [Unit], in folder: String) throws -> String {
    let path = "\(folder)/compose.yaml"
    try ("services:\n" + units.map { $0.line + "\n" }.joined())
      .write(toFile: path, atomically: false, encoding: .utf8)
    return path
  }

  private static func imported(_ units: [Unit], in folder: String) throws -> ImportResult {
    var options = ComposeOptions()
    options.name = "app"
    options.resolvesVariables = true
    options.environment = shell
    return ComposeImporter.run([try write(units, in: folder)], options: options)
  }

  /// The names of the services that an import refuses.
  private static func refused(_ units: [Unit], in folder: String) throws -> Set<String> {
    var names: Set<String> = []
    for problem in try imported(units, in: folder).diagnostics where problem.severity == .error {
      guard let location = problem.location else { continue }
      let file = location.file.name.split(separator: "/").last.map(String.init) ?? ""
      let unit = units.first { $0.files.contains { $0.name == file } } ?? units[location.line - 2]
      names.insert(unit.name)
    }
    return names
  }

  private static func expectRefusal(of unit: Unit, in folder: String) throws {
    let result = try imported([unit], in: folder)
    guard
      case .services(let services) = try ComposePlugin.config(
        ["compose.yaml"], in: folder, environment: shell)
    else { return }
    // KnownDifference.variableWithoutName
    if services[unit.name]?["environment"]?[""] != nil { return }
    let messages = result.diagnostics.map(\.message)
    #expect(
      KnownDifference.explaining(result.diagnostics) != nil,
      "only the import refuses: \(messages)\n\(unit.files)")
  }

  /// Compares services that an import takes. What compose refuses is looked for by halves.
  private static func compare(_ units: [Unit], in folder: String) throws {
    guard !units.isEmpty else { return }
    let result = try imported(units, in: folder)
    try #require(!result.diagnostics.hasErrors, "\(result.diagnostics.map(\.message))")
    switch try ComposePlugin.config(["compose.yaml"], in: folder, environment: shell) {
    case .refusal(let message):
      guard units.count == 1 else {
        try compare(Array(units[..<(units.count / 2)]), in: folder)
        return try compare(Array(units[(units.count / 2)...]), in: folder)
      }
      #expect(
        KnownDifference.explaining(refusalByCompose: message) != nil,
        "only compose refuses: \(message)\n\(units[0].files)")
    case .services(let services):
      let specs = ServiceFacts.services(of: result)
      for unit in units {
        var expected = ServiceFacts(compose: services[unit.name] ?? .null)
        expected["env."] = nil  // KnownDifference.variableWithoutName
        let differences = expected.differences(from: specs[unit.name] ?? ServiceFacts())
        #expect(differences.isEmpty, "\(differences.joined(separator: "\n"))\n\(unit.files)")
      }
    }
  }
}
