import Planning
import WorkloadSpec

/// Which workloads of a command wait for which others of it, by their places in it.
struct WorkloadOrder: Sendable {
  /// For each, those that must have come to a good end before.
  private(set) var needs: [Set<Int>]
  /// For each, those that must have had their turn before, whatever came of it.
  private(set) var follows: [Set<Int>]
  /// For each, those that wait for it, in order.
  private(set) var after: [[Int]]
  /// The places, each after all that it waits for.
  private(set) var sequence: [Int] = []

  /// A workload waits for what it depends on. One that goes away waits for what depended on it until now and does so no
  /// more. One that takes a port of the host waits for who gives it up.
  init(_ requests: [WorkloadRequest], _ neighbourhood: Neighbourhood) {
    needs = Array(repeating: [], count: requests.count)
    follows = needs
    after = []
    let places = Dictionary(requests.indices.map { (requests[$0].key, $0) }) { first, _ in first }
    for (index, request) in requests.enumerated() {
      needs[index].formUnion(request.dependencies.compactMap { places[$0] })
      let future = Set(neighbourhood.dependencies(of: request.key))
      for dependency in neighbourhood.released(request.key)?.dependencies(in: request.key.namespace) ?? [] {
        if let place = places[dependency], requests[place].isDeletion, !future.contains(dependency) {
          needs[place].insert(index)
        }
      }
    }
    let ports = requests.map { PortMove($0, neighbourhood) }
    let givers = Dictionary(
      grouping: ports.indices.flatMap { index in ports[index].given.map { (port: $0, index: index) } },
      by: \.port)
    for index in requests.indices {
      for port in ports[index].taken { follows[index].formUnion(givers[port, default: []].map(\.index)) }
      follows[index].subtract(needs[index])
      follows[index].remove(index)
    }
    breakCycles()
    after = Array(repeating: [], count: requests.count)
    for index in requests.indices { for other in before(index).sorted() { after[other].append(index) } }
  }

  /// All that a workload waits for.
  func before(_ index: Int) -> Set<Int> { needs[index].union(follows[index]) }

  private func graph() -> NameGraph {
    NameGraph(
      needs.indices.map(String.init),
      Dictionary(uniqueKeysWithValues: needs.indices.map { ("\($0)", before($0).sorted().map(String.init)) }))
  }

  /// Two workloads that exchange ports can't both be the first: one of them has to try. Of dependencies, no plan
  /// is left where they are a circle.
  private mutating func breakCycles() {
    var graph = graph()
    while let cycle = graph.cycles.first?.compactMap({ Int($0) }) {
      let steps = zip(cycle, cycle.dropFirst() + cycle.prefix(1))
      if let (index, other) = steps.first(where: { follows[$0].contains($1) }) {
        follows[index].remove(other)
      } else {
        needs[cycle[0]] = []
      }
      graph = self.graph()
    }
    sequence = graph.order.compactMap { Int($0) }
  }
}

/// The ports of the host that a workload gives up, and those that it takes.
private struct PortMove {
  struct HostPort: Hashable {
    let number: Int
    let transport: TransportProtocol
  }

  let given: Set<HostPort>
  let taken: Set<HostPort>

  init(_ request: WorkloadRequest, _ neighbourhood: Neighbourhood) {
    let former = Self.ports(of: neighbourhood.released(request.key))
    let future: Set<HostPort> =
      switch request.future {
      case .stated(let workload): Self.ports(of: workload)
      case .gone: []
      case .released: former
      }
    given = former.subtracting(future)
    taken = future.subtracting(former)
  }

  private static func ports(of workload: Workload?) -> Set<HostPort> {
    Set(
      (workload?.services ?? []).flatMap { service in
        service.ports.compactMap { port in
          port.host.map { HostPort(number: $0, transport: port.protocol) }
        }
      })
  }
}
