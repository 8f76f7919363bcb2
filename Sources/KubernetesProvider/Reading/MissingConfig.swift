import KubernetesAPI
import Planning
import Values
import WorkloadSpec

extension PodReading {
  /// The ConfigMaps and Secrets of the workload's own to which the template refers and that are gone. Pods that run keep what
  /// they had; none would start any more.
  ///
  /// Secrets are told only where berth may list them.
  var missingConfig: [Deviation] {
    var missing = missingFiles.map { Deviation.missing("ConfigMap", $0) }
    if knowsSecrets {
      missing += referred(.secrets).filter { objects.object(.secrets, $0) == nil }.map {
        Deviation.missing("Secret", $0)
      }
    }
    return missing
  }

  /// Whether what a service's config files hold can't be told, since the ConfigMap of its own is gone. It was called by what it
  /// held, and is made again from the same.
  func isMissingFiles(of service: String) -> Bool {
    missingFiles.contains { names.isConfig($0, of: service) }
  }

  private var missingFiles: [String] {
    referred(.configMaps).filter { objects.object(.configMaps, $0) == nil }
  }

  /// The names of the workload's own ConfigMaps, or Secrets, to which the template refers, in order.
  private func referred(_ type: ResourceType) -> [String] {
    let isSecret = type == .secrets
    var names: [JSON?] = []
    for volume in spec["volumes"]?.array ?? [] {
      names.append(isSecret ? volume.at("secret", "secretName") : volume.at("configMap", "name"))
      for source in volume.at("projected", "sources")?.array ?? [] {
        names.append(source.at(isSecret ? "secret" : "configMap", "name"))
      }
    }
    for container in ["initContainers", "containers"].flatMap({ spec[$0]?.array ?? [] }) {
      for variable in container["env"]?.array ?? [] {
        names.append(variable.at("valueFrom", isSecret ? "secretKeyRef" : "configMapKeyRef", "name"))
      }
    }
    if isSecret { names += (spec["imagePullSecrets"]?.array ?? []).map { $0["name"] } }
    let services = stamp.services.map(\.spec.name)
    let own = names.compactMap { $0?.string }.filter { name in
      services.contains { self.names.isConfig(name, of: $0) }
    }
    return Set(own).sorted()
  }
}
