import Values
import WorkloadSpec

/// A file of policies: what berth.yaml may say, too, under the same key.
public struct PolicyFile: SpecObject {
  /// What workloads and plans must be like; each name is a DNS label, by which findings tell of the policy.
  public var policies = NamedObjects<Policy>()

  /// A file without policies.
  public init() {}

  /// The field of policies, as every file has it that may hold some.
  public static let schema = ObjectSchema<PolicyFile>(
    "policy file", "A file of policies.",
    fields: [
      Field(
        "policies", \.policies, "what workloads and plans must be like, by name", required: true,
        rules: [.areLabels("a policy")])
    ])

  /// The JSON Schema of such a file.
  public static var jsonSchema: Value {
    JSONSchema.file(schema.description, title: "berth policies", kinds: [:])
  }
}
