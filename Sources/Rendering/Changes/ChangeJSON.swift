import Planning
import WorkloadSpec

/// A change for programs.
enum ChangeJSON {
  static func value(_ change: Change) -> Value {
    [
      "path": .string(change.path),
      "old": value(change.old),
      "new": value(change.new),
      "causes": .list(change.causes.sorted().map { .string($0.rawValue) }),
      "impact": .string(word(change.impact)),
    ]
  }

  private static func value(_ side: ChangeValue) -> Value {
    switch side {
    case .absent: ["is": "absent"]
    case .value(let value): ["is": "value", "value": value]
    case .secret: ["is": "secret"]
    case .unknown: ["is": "unknown"]
    }
  }

  private static func word(_ impact: Impact) -> String {
    switch impact {
    case .inPlace: "in-place"
    case .restart: "restart"
    case .replace: "replace"
    }
  }
}
