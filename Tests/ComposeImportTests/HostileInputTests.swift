import ComposeImport
import Diagnostics
import Foundation
import Testing

/// Files that are made to hurt: refused or read, soon and without a crash.
@Suite struct HostileInputTests {
  /// Imports a text from a folder of its own.
  private func codes(_ text: String, files: [String: String] = [:]) throws -> Set<DiagnosticCode> {
    let folder = NSTemporaryDirectory() + "berth-compose-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    for (name, content) in files.merging(["compose.yaml": text], uniquingKeysWith: { $1 }) {
      try content.write(toFile: "\(folder)/\(name)", atomically: true, encoding: .utf8)
    }
    var options = ComposeOptions()
    options.name = "app"
    options.outputFolder = folder
    let result = ComposeImporter.run(["\(folder)/compose.yaml"], options: options)
    #expect(result.diagnostics.hasErrors == result.workloads.isEmpty)
    return Set(result.diagnostics.map(\.code))
  }

  @Test("A long chain of extensions is refused") func aLongChainOfExtensionsIsRefused() throws {
    var text = "services:\n  s0: {image: a}\n"
    for number in 1...100 { text += "  s\(number): {extends: s\(number - 1)}\n" }
    #expect(try codes(String(text.split(separator: "\n").reversed().joined(separator: "\n"))) != [])
    let reversed =
      "services:\n" + (1...100).reversed().map { "  s\($0): {extends: s\($0 - 1)}\n" }.joined()
      + "  s0: {image: a}\n"
    #expect(try codes(reversed).contains(.composeCycle))
  }

  @Test("Includes that multiply are refused") func includesThatMultiplyAreRefused() throws {
    var files: [String: String] = [:]
    for number in 0..<12 {
      files["f\(number).yaml"] = "include: [f\(number + 1).yaml, ./f\(number + 1).yaml]\n"
    }
    files["f12.yaml"] = "services: {a: {image: a}}\n"
    #expect(try codes("include: [f0.yaml]\n", files: files).contains(.composeCycle))
  }

  @Test("Variables nested deep are refused") func variablesNestedDeepAreRefused() throws {
    let text = String(repeating: "${A:-", count: 5000) + String(repeating: "}", count: 5000)
    #expect(try codes("services: {a: {image: \"\(text)\"}}\n").contains(.composeInterpolation))
  }

  @Test("A file that aliases blow up is refused") func aFileThatAliasesBlowUpIsRefused() throws {
    let long = String(repeating: "x", count: 500_000)
    let text =
      "x-a: &a \(long)\nx-b: [*a, *a, *a, *a, *a, *a, *a, *a, *a, *a]\nservices: {a: {image: a}}\n"
    #expect(try codes(text).contains(.fileTooLarge))
  }

  @Test("A file that is too large is refused") func aFileThatIsTooLargeIsRefused() throws {
    #expect(try codes("# " + String(repeating: "x", count: 2 << 20)).contains(.fileTooLarge))
  }

  @Test("Many services and ports are read") func manyServicesAndPortsAreRead() throws {
    var text = "services:\n"
    for number in 0..<900 {
      text += "  s\(number): {image: a, environment: {NEXT: \"http://s\(number + 1):80\"}, networks: [n]}\n"
    }
    #expect(try !codes(text + "networks: {n: }\n").contains(.importResult))
    let ports = (0..<60).map { "\"\($0 * 1000 + 1)-\($0 * 1000 + 1000)\"" }.joined(separator: ", ")
    #expect(try !codes("services: {a: {image: a, ports: [\(ports)]}}\n").contains(.composeInvalid))
  }

  /// What is written into a comment can't end it.
  @Test("Comments hold what they tell", arguments: ["\\n", "\\r", "\\u2028", "\\u0085", "\\e"])
  func commentsHoldWhatTheyTell(_ escape: String) throws {
    let text = "services: {a: {image: \"a:1\", \"key\(escape)name: injected\": x}}\n"
    #expect(try codes(text) == [.importUnknownKey])
  }

  @Test(
    "Odd files are no crash",
    arguments: [
      "", "\0", "services:", "services: {}", "services: []", "services: {a: }",
      "services: {\"\": {image: a}}",
      "services: {a: {image: \"\"}}", "services: {a: {image: a, ports: [\"\"]}}",
      "services: {a: {image: a, ports: [\":\"]}}", "services: {a: {image: a, volumes: [\":\"]}}",
      "services: {a: {image: a, environment: [\"=\"]}}", "services: {a: {image: a, healthcheck: {test: []}}}",
      "services: {a: {image: a, depends_on: [a]}}", "services: {a: {image: a, tmpfs: [\"\"]}}",
      "services: {a: {image: a, deploy: {resources: {reservations: {devices: [1]}}}}}",
      "services: {a: {image: a, gpus: [{}]}}", "include: [{}]", "services: {a: {extends: {}}}",
      "services: {a: {image: a, volumes: [{type: tmpfs, target: \"\"}]}}",
    ])
  func oddFilesAreNoCrash(_ text: String) throws {
    _ = try codes(text)
  }
}
