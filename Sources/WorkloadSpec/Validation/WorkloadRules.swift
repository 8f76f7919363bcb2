import Diagnostics

/// The rules of a workload as a whole: what no field can tell by itself.
public enum WorkloadRules {
  /// Checks a workload that was not read from a file just now, such as one put together from two.
  public static func check(_ workload: Workload) -> Diagnostics {
    var diagnostics = Diagnostics()
    check(workload, .none, &diagnostics)
    _ = HostPortRule.check(across: [(workload, .none)], &diagnostics)
    return diagnostics
  }

  /// Checks whether a workload can have some instances, whatever number it states.
  public static func check(_ workload: Workload, instances count: Int) -> Diagnostics {
    var diagnostics = Diagnostics()
    InstanceNumberRule.check(workload, instances: count, .none, &diagnostics)
    return diagnostics
  }

  /// Checks a workload by itself.
  static func check(_ workload: Workload, _ places: SpecPlaces, _ diagnostics: inout Diagnostics) {
    BodyRule.check(workload, places, &diagnostics)
    MachineRule.check(workload, places, &diagnostics)
    MainRule.check(workload, places, &diagnostics)
    DependencyRule.check(workload.services, places, &diagnostics)
    DependencyRule.check(workload.objects, places, &diagnostics)
    AddressRule.check(workload, places, &diagnostics)
    StrategyRule.check(workload, places, &diagnostics)
    VolumeRule.check(workload, places, &diagnostics)
    BeforeRule.check(workload, places, &diagnostics)
    if let count = workload.replicas {
      InstanceNumberRule.check(workload, instances: count, places, &diagnostics)
    }
    for index in workload.services.indices { check(workload.services[index], places, &diagnostics) }
  }

  /// Checks a service by itself.
  private static func check(_ service: Service, _ places: SpecPlaces, _ diagnostics: inout Diagnostics) {
    RunnableRule.check(service, places, &diagnostics)
    RestartRule.check(service, places, &diagnostics)
    HealthCheckRule.check(service, places, &diagnostics)
    NetworkRule.check(service, places, &diagnostics)
    MountPathRule.check(service, places, &diagnostics)
    SecretRule.check(service, places, &diagnostics)
    ConfigContentRule.check(service, places, &diagnostics)
  }
}

extension RelatedLocation {
  /// A place that matters too, where it is known.
  static func list(_ message: String, _ location: SourceLocation?) -> [RelatedLocation] {
    location.map { [RelatedLocation(message: message, location: $0)] } ?? []
  }
}
