import KubernetesAPI
import Values
import WorkloadSpec

/// The Services of a workload: what others reach it by, and what gives the pods of a stateful set names.
enum ServiceObjects {
  static func make(_ writing: Writing) -> [KubernetesObject] {
    var services: [KubernetesObject] = []
    let ports = ports(of: writing.workload)
    if !ports.isEmpty { services.append(reached(writing, ports)) }
    if writing.workload.kind.hasStableInstances { services.append(ofPods(writing)) }
    return services
  }

  private static func reached(_ writing: Writing, _ ports: [JSON]) -> KubernetesObject {
    var object = writing.object(.services, named: writing.names.service, .service)
    var annotations = object.annotations
    for entry in writing.own.serviceAnnotations.entries { annotations[entry.key] = entry.value }
    object.metadata["annotations"] = .texts(annotations)
    var spec: JSON = [
      "type": .string(writing.own.serviceType.rawValue), "selector": .texts(writing.selector),
      "ports": .array(ports),
    ]
    if writing.facts.has(.dualStack) { spec["ipFamilyPolicy"] = "PreferDualStack" }
    if writing.own.serviceType != .clusterIP {
      spec["externalTrafficPolicy"] = .string(writing.own.externalTraffic.rawValue)
    }
    if !writing.own.sourceRanges.isUnset {
      spec["loadBalancerSourceRanges"] = .texts(writing.own.sourceRanges.elements)
    }
    object["spec"] = spec
    return object
  }

  private static func ofPods(_ writing: Writing) -> KubernetesObject {
    var object = writing.object(.services, named: writing.names.pods, .service)
    // Pods find each other before they are ready: many can't get ready otherwise.
    object["spec"] = [
      "clusterIP": "None", "publishNotReadyAddresses": true, "selector": .texts(writing.selector),
    ]
    return object
  }

  /// The ports of all services, since they share the pod's network.
  private static func ports(of workload: Workload) -> [JSON] {
    var ports: [JSON] = []
    let services = workload.services.filter { !$0.role.isRunToEnd }
    for port in services.flatMap(\.ports).sorted(by: { $0.precedes($1) }) {
      let own = port.on[KubernetesPort.self]
      var entry = entry(for: port, at: port.container, named: name(of: port))
      if let number = own.nodePort { entry["nodePort"] = .int(Int64(number)) }
      ports.append(entry)
      if let number = own.servicePort, number != port.container {
        ports.append(self.entry(for: port, at: number, named: furtherName(of: port)))
      }
    }
    return ports
  }

  private static func entry(for port: Port, at number: Int, named name: String) -> JSON {
    var entry: JSON = [
      "name": .string(name), "port": .int(Int64(number)), "targetPort": .int(Int64(port.container)),
      "protocol": .string(port.protocol.rawValue.uppercased()),
    ]
    if let spoken = port.on[KubernetesPort.self].appProtocol { entry["appProtocol"] = .string(spoken) }
    return entry
  }

  /// What a port is called in its Service and its container.
  static func name(of port: Port) -> String { "\(port.protocol.rawValue)-\(port.container)" }

  /// What the further port of the Service is called.
  static func furtherName(of port: Port) -> String { further + name(of: port) }

  /// What the names of further ports begin with.
  static let further = "further-"
}
