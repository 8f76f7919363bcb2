import WorkloadSpec

/// Something a provider may or may not be able to do. Queried before use, named in errors.
public enum Capability: String, Sendable, CaseIterable, Comparable {
  case provision
  case deploy
  case scale
  case logs
  case exec
  case volumes
  case gpu
  case rolling = "strategy:rolling"
  case recreate = "strategy:recreate"
  case blueGreen = "strategy:blue-green"
  case canary = "strategy:canary"
  case autoscale
  case customDomains = "custom-domains"
  case tls
  case pin
  /// Services that run once per run, before any instance changes.
  case before
  /// Taking over what berth did not create, while it does its work.
  case adopt
  /// Workloads that hold a machine.
  case machines
  /// Workloads that hold objects of the engine.
  case objects

  /// By name.
  public static func < (left: Capability, right: Capability) -> Bool { left.rawValue < right.rawValue }

  /// What a workload needs, each with the place in the spec that needs it.
  public static func required(by workload: Workload) -> [(capability: Capability, reason: String)] {
    var needs: [(capability: Capability, reason: String)] = []
    let strategy: Capability =
      switch workload.strategy.type {
      case .rolling: .rolling
      case .recreate: .recreate
      case .blueGreen: .blueGreen
      case .canary: .canary
      }
    switch workload.body {
    case .services: break
    case .machine: needs.append((.machines, "machine"))
    case .objects: needs.append((.objects, "objects"))
    }
    needs.append((strategy, "strategy.type: \(workload.strategy.type.rawValue)"))
    if (workload.replicas ?? 1) > 1 { needs.append((.scale, "replicas: \(workload.replicas ?? 1)")) }
    for service in workload.services {
      if service.role == .before { needs.append((.before, "services[\(service.name)].role: before")) }
      if service.resources.gpu != nil { needs.append((.gpu, "services[\(service.name)].resources.gpu")) }
      if !service.volumes.isEmpty { needs.append((.volumes, "services[\(service.name)].volumes")) }
      if service.secrets.contains(where: { $0.type == .tls }) {
        needs.append((.tls, "services[\(service.name)].secrets"))
      }
    }
    return needs
  }
}
