import Foundation
import Values

/// The program `docker compose` that imports are held against, if BERTH_TEST_COMPOSE names one:
/// `scripts/compose-plugin` fetches it and prints its path. `make compare-compose` does both.
enum ComposePlugin {
  static let path = ProcessInfo.processInfo.environment["BERTH_TEST_COMPOSE"]
  static let isThere = path.map { FileManager.default.isExecutableFile(atPath: $0) } ?? false

  /// What compose makes of a project.
  enum Answer {
    /// The services by name.
    case services([String: Value])
    /// Why it refuses the files.
    case refusal(String)
  }

  /// What `docker compose config` prints for the files of a folder.
  ///
  /// - Parameter environment: all that compose finds in its environment, but for a home without settings.
  static func config(
    _ files: [String], in folder: String, environment: [String: String]
  ) throws -> Answer {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: path ?? "")
    process.arguments = files.flatMap { ["-f", $0] } + ["config", "--format", "json"]
    process.currentDirectoryURL = URL(fileURLWithPath: folder)
    process.environment = environment.merging(["HOME": folder, "DOCKER_CONFIG": folder]) { first, _ in first }
    let (output, errors) = (Pipe(), "\(folder)/errors")
    try Data().write(to: URL(fileURLWithPath: errors))
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = output
    process.standardError = FileHandle(forWritingAtPath: errors)
    try process.run()
    let data = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else {
      return .refusal(try String(contentsOfFile: errors, encoding: .utf8))
    }
    let answer = value(try JSONSerialization.jsonObject(with: data))
    let services = answer["services"]?.members ?? []
    return .services(Dictionary(uniqueKeysWithValues: services.map { ($0.key, $0.value) }))
  }

  /// What JSON says, with fractions as texts.
  ///
  /// What compose prints can be read by it again, so that each `$` that it means stands twice there.
  private static func value(_ json: Any) -> Value {
    switch json {
    case let text as String: .string(text.replacingOccurrences(of: "$$", with: "$", options: .literal))
    case let elements as [Any]: .list(elements.map { value($0) })
    case let members as [String: Any]: .map(members.map { .init($0.key, value($0.value)) })
    case let number as NSNumber:
      switch String(cString: number.objCType) {
      case "c": .bool(number.boolValue)
      case "d", "f": .string("\(number)")
      default: .int(number.int64Value)
      }
    default: .null
    }
  }
}
