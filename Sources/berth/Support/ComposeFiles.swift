import Foundation

/// What compose takes from the working folder and the environment when nobody says otherwise.
enum ComposeFiles {
  /// The compose file of the working folder with its override, if there is one.
  static func standard() -> [String] {
    let exists = { FileManager.default.fileExists(atPath: $0) }
    guard
      let first = ["compose.yaml", "compose.yml", "docker-compose.yml", "docker-compose.yaml"].first(
        where: exists)
    else { return [] }
    let stem = first.prefix { $0 != "." }
    let override = ["yaml", "yml"].map { "\(stem).override.\($0)" }.first(where: exists)
    return [first] + [override].compactMap(\.self)
  }

  /// The profiles that the environment chooses.
  static func profiles() -> [String] {
    (Environment["COMPOSE_PROFILES"] ?? "").split(separator: ",").map(String.init)
  }
}
