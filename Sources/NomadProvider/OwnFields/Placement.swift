import WorkloadSpec

/// What a node must have to run a workload.
public struct NomadConstraint: SpecObject, Hashable {
  /// What is looked at, such as `${attr.kernel.name}`; empty for an operator that looks at nothing.
  public var attribute = ""
  /// How it is compared.
  public var `operator` = "="
  /// What it is compared with.
  public var value = ""

  public init() {}

  /// The statement of its fields.
  public static let schema = ObjectSchema<NomadConstraint>(
    "constraint", "What a node must have to run a workload.",
    fields: [
      Field(
        "attribute", \.attribute,
        "what is looked at, such as `$${attr.kernel.name}`, or `$${meta.rack}`; an operator such as `distinct_hosts` needs none"
      ),
      Field(
        "operator", \.operator,
        "how it is compared: `=`, `!=`, `regexp`, `version`, `distinct_hosts` and so on",
        rules: [.notEmpty]),
      Field("value", \.value, "what it is compared with"),
    ])
}

/// What draws a workload to nodes, or keeps it away from them.
public struct NomadAffinity: SpecObject, Hashable {
  /// What is looked at, such as `${node.datacenter}`.
  public var attribute = ""
  /// How it is compared.
  public var `operator` = "="
  /// What it is compared with.
  public var value = ""
  /// How much it draws; below 0, how much it keeps away.
  public var weight = 50

  public init() {}

  /// The statement of its fields.
  public static let schema = ObjectSchema<NomadAffinity>(
    "affinity", plural: "affinities", "What draws a workload to nodes, or keeps it away from them.",
    fields: [
      Field("attribute", \.attribute, "what is looked at, such as `$${node.datacenter}`", required: true),
      Field("operator", \.operator, "how it is compared", rules: [.notEmpty]),
      Field("value", \.value, "what it is compared with"),
      Field(
        "weight", \.weight, "how much it draws; below 0, how much it keeps away", rules: [.range(-100...100)]),
    ])
}

/// How evenly instances are spread over parts of a cluster.
public struct NomadSpread: SpecObject, Hashable {
  /// What tells the parts, such as `${node.datacenter}`.
  public var attribute = ""
  /// How much it counts beside others.
  public var weight = 50
  /// The share of instances that each part has, in percent.
  public var targets = StringMap()

  public init() {}

  /// The statement of its fields.
  public static let schema = ObjectSchema<NomadSpread>(
    "spread", "How evenly instances are spread over parts of a cluster.",
    shorthand: { "{attribute: \($0)}" },
    fields: [
      Field("attribute", \.attribute, "what tells the parts, such as `$${node.datacenter}`", required: true),
      Field("weight", \.weight, "how much it counts beside others", rules: [.range(1...100)]),
      Field(
        "targets", \.targets,
        "the share of instances that each part has, in percent; without it, all the same",
        rules: [.percents]),
    ])
}

extension Rule where Subject == StringMap {
  /// Every value is a number of percent.
  fileprivate static let percents = Rule(
    "numbers from 0 to 100", schema: [], code: .badQuantity
  ) { map in
    for entry in map.entries {
      guard let share = Int(entry.value), (0...100).contains(share) else {
        return RuleProblem(
          "`\(entry.key): \(entry.value)` is no share in percent", help: "write a number such as `60`",
          key: entry.key)
      }
    }
    return nil
  }
}
