import ProviderKit
import WorkloadSpec

/// In which order the containers of a pod start, as far as a cluster keeps one: init containers one after the other, all
/// others at the same time.
struct PodOrder: Sendable, Equatable {
  /// The services that are init containers, in their order: each waits for those before it.
  let initial: [String]
  /// The sidecars among them: the next one waits until they have started, and not until they have ended.
  let native: Set<String>
  /// All other services, in the order in which they would start.
  let containers: [String]

  /// The order of a workload's services.
  init(_ services: [Service], on facts: EngineFacts) {
    let order = ServiceOrder(services)
    let roles = Dictionary(services.map { ($0.name, $0.role) }) { first, _ in first }
    let main = services.first { $0.role == .main }?.name
    let native =
      facts.has(.nativeSidecars)
      ? main.map { main in order.needs(of: main) { roles[$0] == .sidecar } } ?? [] : []
    self.native = native
    let isInitial = { (name: String) in roles[name]?.isRunToEnd == true || native.contains(name) }
    initial = order.startOrder.filter(isInitial)
    containers = order.startOrder.filter { !isInitial($0) }
  }

  /// What a service waits for that the cluster does not wait for, by name.
  static func unkept(_ services: [Service], on facts: EngineFacts) -> [(service: String, dependency: String)]
  {
    let order = PodOrder(services, on: facts)
    var unkept: [(service: String, dependency: String)] = []
    for service in services where !service.role.isRunToEnd {
      let place = order.initial.firstIndex(of: service.name) ?? order.initial.endIndex
      for name in service.waitsFor.elements {
        let isBefore = order.initial.firstIndex(of: name).map { $0 < place } ?? false
        if !isBefore, services.contains(where: { $0.name == name }) {
          unkept.append((service.name, name))
        }
      }
    }
    return unkept
  }
}
