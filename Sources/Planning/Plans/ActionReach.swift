import Values

/// What an action reaches that is done to an instance or a workload as a whole.
public struct ActionReach: Sendable, Hashable {
  /// The instances that the action changes.
  public let instances: [InstanceID]
  /// The names of the services that the action makes, changes, stops or takes away.
  public let services: [String]

  /// What is reached, in order.
  public init(instances: some Sequence<InstanceID>, services: some Sequence<String>) {
    self.instances = instances.sorted()
    self.services = Set(services).sorted()
  }

  /// As plain data: `instances` and `services`.
  var plain: Value {
    [
      "instances": .list(instances.map { .string($0.description) }),
      "services": .list(services.map(Value.string)),
    ]
  }
}
