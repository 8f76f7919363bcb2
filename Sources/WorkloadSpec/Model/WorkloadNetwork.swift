/// How the instances of a workload are connected with other workloads.
public struct WorkloadNetwork: SpecObject {
  /// Whether it refers to no other workload, and none refers to it.
  public var isolated = false

  /// Connected with what it refers to.
  public init() {}

  /// The statement of its fields.
  public static let schema = ObjectSchema<WorkloadNetwork>(
    "workload network", plural: "networks of workloads",
    "How the instances of a workload are connected with other workloads.",
    fields: [
      Field("isolated", \.isolated, "whether it refers to no other workload, and none refers to it")
    ])
}

extension Workload {
  /// Whether it refers to no other workload, and none may refer to it.
  public var isIsolated: Bool { !$network.isUnset && network.isolated }
}
