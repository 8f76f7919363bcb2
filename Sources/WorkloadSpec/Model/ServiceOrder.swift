/// Which services of an instance wait for which, and the order in which they start.
///
/// What runs once per run comes first, each after what it names of those; then inits, each after the inits that it
/// names. Every other service waits for all of them, for what it names under `dependsOn` and for those whose addresses it
/// refers to. A sidecar also waits for main, unless main waits for it, directly or through others. That exception is why
/// these implicit edges never close a cycle.
///
/// The order is total for any input: names that are no services are left out, and services that wait for
/// each other, which validation refuses, come last in the order of the spec.
public struct ServiceOrder: Sendable {
  /// Every service, after those that it waits for; of those that could be next, the first in the spec is.
  public let startOrder: [String]
  private let waitsFor: [String: [String]]

  /// What counts of an element.
  private struct Item {
    let name: String
    let role: Role
    let waitsFor: StringSet
  }

  /// Works out the order of some services, or of other elements.
  public init(_ elements: [some BodyElement]) {
    self.init(elements.map { Item(name: $0.name, role: $0.role, waitsFor: $0.waitsFor) })
  }

  /// Works out the order of elements of any body.
  public init(_ elements: [AnyElement]) {
    self.init(elements.map { Item(name: $0.name, role: $0.role, waitsFor: $0.waitsFor) })
  }

  private init(_ services: [Item]) {
    let waitsFor = Self.edges(of: services)
    self.waitsFor = waitsFor
    startOrder = Self.sort(services.map(\.name), waitsFor)
  }

  /// The services that must be ready, or have completed if they are inits, before this one starts: implicit
  /// ones included, ordered by name.
  public func dependencies(of name: String) -> [String] { waitsFor[name] ?? [] }

  /// The services that one waits for, directly or through others, as far as they count.
  public func needs(of name: String, where counts: (String) -> Bool = { _ in true }) -> Set<String> {
    var needs: Set<String> = []
    var open = [name]
    while let next = open.popLast() {
      for dependency in dependencies(of: next) where counts(dependency) && needs.insert(dependency).inserted {
        open.append(dependency)
      }
    }
    return needs
  }

  private static func edges(of services: [Item]) -> [String: [String]] {
    let indices = Dictionary(services.indices.lazy.map { (services[$0].name, $0) }) { first, _ in first }
    let befores = services.filter { $0.role == .before }.map(\.name)
    let inits = services.filter { $0.role == .`init` }.map(\.name)
    let main = services.indices.first { services[$0].role == .main }
    let beforeMain = main.map { reachable(from: $0, services, indices) } ?? []
    return indices.mapValues { index in
      var names = services[index].waitsFor.elements.filter { indices[$0] != nil }
      if services[index].role != .before { names += befores }
      if !services[index].role.isRunToEnd { names += inits }
      if services[index].role == .sidecar, let main, !beforeMain.contains(services[index].name) {
        names.append(services[main].name)
      }
      return names.count > 1 ? Set(names).sorted() : names
    }
  }

  /// The services that one waits for by what it says, directly or through others.
  private static func reachable(
    from start: Int, _ services: [Item], _ indices: [String: Int]
  ) -> Set<String> {
    var found: Set<String> = []
    var open = [start]
    while let index = open.popLast() {
      for next in services[index].waitsFor.elements where found.insert(next).inserted {
        if let index = indices[next] { open.append(index) }
      }
    }
    return found
  }

  private static func sort(_ names: [String], _ waitsFor: [String: [String]]) -> [String] {
    var waiting = names
    var started: Set<String> = []
    var order: [String] = []
    while let next = waiting.firstIndex(where: { waitsFor[$0, default: []].allSatisfy(started.contains) }) {
      let name = waiting.remove(at: next)
      if started.insert(name).inserted { order.append(name) }
    }
    for name in waiting where started.insert(name).inserted { order.append(name) }
    return order
  }
}
