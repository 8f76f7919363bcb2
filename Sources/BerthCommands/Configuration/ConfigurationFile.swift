import Policies
import ProviderKit
import Values
import WorkloadSpec

/// berth.yaml as it is written.
struct ConfigurationFile: SpecObject {
  var targets = NamedObjects<TargetEntry>()
  /// The target that is meant where none is named.
  var `default`: String?
  /// Who is told of runs.
  var webhook: WebhookEntry?
  /// What workloads and plans must be like.
  var policies = NamedObjects<Policy>()

  static let schema = ObjectSchema<ConfigurationFile>(
    "configuration", "What berth.yaml says: the targets, who is told of runs, and what plans are held to.",
    fields: [
      Field("targets", \.targets, "the places that workloads are applied to, by name"),
      Field(
        "default", \.default, "the target that is meant where a command has no `-t`; without it, `local`"),
      Field("webhook", \.webhook, "who is told of runs"),
      Field(
        "policies", \.policies, "what workloads and plans must be like, by name",
        rules: [.areLabels("a policy")]),
    ])

  // MARK: What is made from the declaration

  /// The kinds of target, and of stores: each has options of its own.
  private static func kinds(_ registry: ProviderRegistry) -> [String: ObjectKinds] {
    [
      TargetEntry.schema.description.name: ObjectKinds(
        key: "provider", kinds: registry.list.map { ($0.name, $0.options.description) }),
      StoreEntry.schema.description.name: ObjectKinds(
        key: nil, kinds: registry.stores.map { ($0.scheme, $0.options.description) }),
    ]
  }

  /// The JSON Schema of berth.yaml.
  static func jsonSchema(_ registry: ProviderRegistry) -> Value {
    JSONSchema.file(schema.description, title: "berth.yaml", kinds: kinds(registry))
  }

  /// The reference of berth.yaml as Markdown, ending in a line break.
  static func reference(_ registry: ProviderRegistry) -> String {
    var names: Set<String> = []
    var sections = [
      """
      # The keys of berth.yaml

      <!-- Made from the declarations of the configuration and of the providers; a test keeps it current. -->

      [Targets](targets.md) tells what they are for. `berth schema configuration` prints them as a JSON Schema.
      """
    ]
    sections += ObjectReference.sections(of: schema.description, besides: &names, showsCosts: false)
    sections.append(
      """
      ## What only one kind of target has

      A target has the keys of its provider beside those of every target.
      """)
    for entry in registry.list where !entry.options.description.fields.isEmpty {
      sections += ObjectReference.sections(of: entry.options.description, besides: &names, showsCosts: false)
    }
    guard !registry.stores.isEmpty else { return sections.joined(separator: "\n\n") + "\n" }
    sections.append(
      """
      ## What a store may say

      A `store` that is no other target is an address, such as `s3://…`, or a mapping with these keys.
      """)
    for kind in registry.stores {
      sections += ObjectReference.sections(of: kind.options.description, besides: &names, showsCosts: false)
    }
    return sections.joined(separator: "\n\n") + "\n"
  }
}
