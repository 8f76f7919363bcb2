import Diagnostics
import KubernetesAPI
import ProviderKit
import Values

/// A pod's template while it is being written.
struct PodDraft: Sendable {
  /// Something that a cluster can't be asked for.
  typealias Refusal = EngineRefusal

  var labels: [String: String] = [:]
  var annotations: [String: String] = [:]
  /// What is said of the pod as a whole.
  var pod: JSON = [:]
  /// The container that is being written.
  var container: JSON = [:]
  /// What can't be written.
  private(set) var refusals: [Refusal] = []

  private var volumes: [(name: String, volume: JSON)] = []
  private var hosts: [(address: String, names: [String])] = []
  private var containers: [String: JSON] = [:]
  /// Which service has said what of the pod as a whole.
  private var sources: [[String]: String] = [:]

  // MARK: Refusals

  /// Takes note of what a cluster has nothing for.
  mutating func refuse(_ message: String, help: String) { refuse(.providerRefuses, message, help: help) }

  /// Takes note of what can't be written.
  mutating func refuse(_ code: DiagnosticCode, _ message: String, help: String) {
    let refusal = Refusal(code: code, message: message, help: help)
    if !refusals.contains(refusal) { refusals.append(refusal) }
  }

  // MARK: What services share

  /// Says something of the pod as a whole in the name of a service. Two services can't say different things.
  mutating func set(_ path: [String], _ value: JSON, _ field: String, of service: String) {
    if let other = sources[path], self.pod[path] != value {
      refuse(
        .sharedByPod,
        "`\(field)` of the services `\(other)` and `\(service)` differs, and a pod has one for all its containers",
        help: "state the same for both, or for one of them only")
      return
    }
    sources[path] = service
    self.pod[path] = value
  }

  /// Adds to a list of the pod, in order, what is not in it.
  mutating func add(_ values: [JSON], to path: [String], by key: (JSON) -> String) {
    var list = pod[path]?.array ?? []
    for value in values where !list.contains(value) { list.append(value) }
    if !list.isEmpty { pod[path] = .array(list.sorted { key($0) < key($1) }) }
  }

  /// Adds a volume of the pod, unless one of that name is there.
  mutating func add(_ volume: JSON, named name: String) {
    guard !volumes.contains(where: { $0.name == name }) else { return }
    var named: JSON = ["name": .string(name)]
    for member in volume.members ?? [] { named[member.key] = member.value }
    volumes.append((name, named))
  }

  /// Has a name lead to an address.
  mutating func add(host name: String, at address: String) {
    if let index = hosts.firstIndex(where: { $0.address == address }) {
      if !hosts[index].names.contains(name) { hosts[index].names.append(name) }
    } else {
      hosts.append((address, [name]))
    }
  }

  /// Mounts something in the container that is being written.
  mutating func mount(_ volume: String, at path: String, subPath: String? = nil, isReadOnly: Bool = false) {
    var mount: JSON = ["name": .string(volume), "mountPath": .string(path)]
    if path.contains(":") {
      refuse(
        "the path `\(path)` has a colon in it, and Kubernetes mounts nothing there", help: "use another path")
    }
    if let subPath { mount["subPath"] = .string(subPath) }
    if isReadOnly { mount["readOnly"] = true }
    container["volumeMounts"] = .array((container["volumeMounts"]?.array ?? []) + [mount])
  }

  // MARK: The whole

  /// Takes the container that is being written for a service, and begins anew.
  mutating func endContainer(of service: String) {
    containers[service] = container
    container = [:]
  }

  /// The pod's specification, with its containers in order.
  func spec(in order: PodOrder) -> JSON {
    var spec = pod
    if !order.initial.isEmpty { spec["initContainers"] = .array(order.initial.compactMap { containers[$0] }) }
    spec["containers"] = .array(order.containers.compactMap { containers[$0] })
    if !volumes.isEmpty { spec["volumes"] = .array(volumes.map(\.volume)) }
    if !hosts.isEmpty {
      spec["hostAliases"] = .array(
        hosts.sorted { $0.address < $1.address }.map {
          ["ip": .string($0.address), "hostnames": .texts($0.names.sorted())]
        })
    }
    return spec
  }

  func template(in order: PodOrder) -> JSON {
    var metadata: JSON = ["labels": .texts(labels)]
    if !annotations.isEmpty { metadata["annotations"] = .texts(annotations) }
    return ["metadata": metadata, "spec": spec(in: order)]
  }
}
