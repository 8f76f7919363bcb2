import Diagnostics

/// The keys at the top of a compose file.
enum TopLevelKeys {
  /// Those whose entries are told apart by name.
  static let resources = ["services", "volumes", "networks", "configs", "secrets"]

  private static let known = resources + ["name", "version", "include"]
  private static let unsaid = ["models", "jobs"]

  /// Every key that compose knows.
  static var all: [String] { known + unsaid }

  /// Reports keys that are not known, and sections of the wrong kind.
  static func check(_ root: ComposeNode, _ diagnostics: inout Diagnostics) {
    for entry in root.entries ?? [] where !entry.key.hasPrefix("x-") {
      if resources.contains(entry.key) {
        checkSection(entry, &diagnostics)
      } else if entry.key == "models" {
        diagnostics.report(
          .notCarriedOver, "`models` have no equivalent", at: entry.location,
          help: "run the model as a service of its own")
      } else if entry.key == "jobs" {
        diagnostics.report(
          .notCarriedOver, "`jobs` have no equivalent", at: entry.location,
          help: "run them by a scheduler, with `berth exec`")
      } else if !known.contains(entry.key) {
        diagnostics.reportUnknown(entry, in: "a compose file", known: known + unsaid)
      }
    }
  }

  private static func checkSection(_ entry: ComposeEntry, _ diagnostics: inout Diagnostics) {
    guard !entry.value.isNull else { return }
    guard let entries = entry.value.entries else {
      diagnostics.report(
        .composeInvalid, "`\(entry.key)` takes a mapping, not \(entry.value.phrase)",
        at: entry.value.location,
        help: "write a name and a colon in front of each of the \(entry.key)")
      return
    }
    for element in entries where element.value.entries == nil {
      if element.value.isNull, entry.key != "services" { continue }
      if element.key.hasPrefix("x-") { continue }
      diagnostics.report(
        .composeInvalid, "`\(element.key)` under `\(entry.key)` takes a mapping, not \(element.value.phrase)",
        at: element.location, help: entry.key == "services" ? "write at least an `image` below it" : nil)
    }
  }
}

extension Diagnostics {
  /// Says that compose knows no such key.
  mutating func reportUnknown(_ entry: ComposeEntry, in place: String, known: [String]) {
    report(
      .importUnknownKey, "\(place) has no key `\(entry.key)`: it is left out", at: entry.location,
      help: Suggestion.help(for: entry.key, among: known.sorted())
        ?? "a key for other tools starts with `x-`")
  }
}
