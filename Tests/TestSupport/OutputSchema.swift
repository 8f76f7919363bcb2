import Foundation
import Values

/// Holds what berth prints for programs to `specs/output.schema.json`.
public enum OutputSchema {
  /// The check by that file.
  public static let check: JSONSchemaCheck = {
    let project = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().path
    let path = project + "/specs/output.schema.json"
    guard let text = try? String(contentsOfFile: path, encoding: .utf8), let schema = try? Value(json: text)
    else {
      fatalError("\(path) is no JSON")
    }
    return JSONSchemaCheck(schema)
  }()

  /// The definition that the output of a command must be, and whether it is one for each line; `nil` for a command of which the
  /// schema says nothing.
  public static func definition(of arguments: [String]) -> (name: String, isOfLines: Bool)? {
    let isJSON =
      arguments.contains("--format=json")
      || zip(arguments, arguments.dropFirst()).contains { $0 == "--format" && $1 == "json" }
    guard isJSON, let command = arguments.first else { return nil }
    switch command {
    case "plan", "drift": return ("plans", false)
    case "history": return ("history", false)
    case "list": return ("list", false)
    case "status": return ("status", arguments.contains("--watch"))
    case "apply", "rollback", "scale", "start", "stop", "restart", "suspend", "unsuspend", "promote", "abort",
      "destroy":
      return ("event", true)
    default: return nil
    }
  }

  /// What is wrong with the output of a command.
  public static func problems(with output: String, of arguments: [String]) -> [String] {
    guard let (name, isOfLines) = definition(of: arguments), !output.isEmpty else { return [] }
    let documents = isOfLines ? output.split(separator: "\n").map(String.init) : [output]
    return documents.flatMap { text -> [String] in
      guard let value = try? Value(json: text) else { return ["the output is no JSON: \(text.prefix(200))"] }
      return check.problems(with: value, as: name)
    }
  }
}
