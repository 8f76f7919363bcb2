import Diagnostics
import Values
import WorkloadSpec
import YAMLNodes

/// What workloads and plans must be like, as berth.yaml or a file of policies has it under a name.
public struct Policy: SpecObject {
  /// Why it is so, for those whose work it refuses.
  public var description: String?
  /// What comes of breaking it.
  public var severity = PolicySeverity.error
  /// Whether an operator may go ahead in an emergency.
  public var override = PolicyOverriding.allowed
  /// The workloads that it is for; all, if not said.
  public var scope: PolicyScope?
  /// What fields of specs must be like.
  public var fields: [FieldCondition] = []
  /// What a plan may do.
  public var plan: PlanCondition?
  /// When workloads may be changed; always, if there are none.
  public var windows: [ChangeWindow] = []
  /// The workloads that may break it for a while.
  public var exceptions: [PolicyException] = []
  /// Where it stands.
  @Uncompared public var location: SourceLocation? = nil

  /// A policy that wants nothing.
  public init() {}

  /// The statement of its fields.
  public static let schema = ObjectSchema<Policy>(
    "policy", plural: "policies", "What workloads and plans must be like.",
    synonyms: [
      "message": "description", "reason": "description", "level": "severity", "match": "scope",
      "for": "scope",
      "rules": "fields", "conditions": "fields", "window": "windows",
    ],
    alternatives: Alternatives(
      ["fields", "plan", "windows"],
      help: "say what it wants: of `fields` of specs, of what a `plan` does, or of `windows` of time"),
    fields: [
      Field("description", \.description, "why it is so, which every finding shows", rules: [.notEmpty]),
      Field("severity", \.severity, "what comes of breaking it: nothing is applied, or it is only shown"),
      Field("override", \.override, "whether `--override-policy` may go ahead all the same"),
      Field("scope", \.scope, "the workloads that it is for; without it, all"),
      Field("fields", \.fields, "what fields of specs must be like"),
      Field("plan", \.plan, "what a plan may do"),
      Field("windows", \.windows, "when workloads may be changed: within one of these"),
      Field("exceptions", \.exceptions, "the workloads that may break it for a while"),
    ])

  /// Reads its fields, and where they stand.
  public static func read(_ node: Node, by decoder: inout SpecDecoder) -> Policy? {
    var policy = readFields(node, by: &decoder)
    policy?.location = node.location
    return policy
  }
}

/// What comes of breaking a policy.
public enum PolicySeverity: String, SpecChoice {
  /// Nothing of the workload is applied.
  case error
  /// It is shown.
  case warning
}

/// Whether an operator may go ahead although a policy does not allow it.
public enum PolicyOverriding: String, SpecChoice {
  /// With a reason, which is recorded.
  case allowed
  /// Not at all.
  case never
}
