import Diagnostics

/// What services, or other elements of a body, wait for exists, and never waits for them.
enum DependencyRule {
  static func check<Base: BodyElement>(
    _ services: [Base], _ places: SpecPlaces, _ diagnostics: inout Diagnostics
  ) {
    guard services.contains(where: { !$0.waitsFor.isUnset }) else { return }
    let indices = FirstIndices(services)
    // The order can only be asked about dependencies that can be kept.
    var edges: [String: [String]] = [:]
    for service in services where !service.waitsFor.isUnset {
      for name in service.waitsFor.elements {
        guard let index = indices[name] else {
          // An address of what is not there is reported as that.
          if service.dependsOn.elements.contains(name) {
            reportUnknown(name, of: service, among: services, places, &diagnostics)
          }
          continue
        }
        if service.role == .before, services[index].role != .before {
          diagnostics.report(
            .beforeDependency,
            "`\(service.name)` runs before any instance changes, and can't wait for `\(name)`, which is in one",
            at: places.place(of: name, in: "dependsOn", of: service),
            help:
              "a service of `role: before` depends on others of that role only; what needs `\(name)` to run is a `sidecar`, or a workload of its own has `\(name)`",
            related: RelatedLocation.list("`\(name)` is here", places.place(of: services[index], "name")))
          continue
        }
        if service.role == .`init`, !services[index].role.isRunToEnd {
          diagnostics.report(
            .initDependency, "the init `\(service.name)` can't wait for `\(name)`, which starts after it",
            at: places.place(of: name, in: "dependsOn", of: service),
            help: "an init depends on inits only: make `\(name)` an init, or drop the dependency",
            related: RelatedLocation.list("`\(name)` is here", places.place(of: services[index], "name")))
          continue
        }
        edges[service.name, default: []].append(name)
      }
    }
    reportCycles(services, edges, places, &diagnostics)
  }

  /// Where the elements are, by name; of two with one name, the first. Few are found without a table.
  private struct FirstIndices<Base: BodyElement> {
    let elements: [Base]
    let table: [String: Int]?

    init(_ elements: [Base]) {
      self.elements = elements
      table =
        elements.count <= 16
        ? nil : Dictionary(elements.indices.lazy.map { (elements[$0].name, $0) }) { first, _ in first }
    }

    subscript(name: String) -> Int? {
      if let table { return table[name] }
      return elements.firstIndex { $0.name == name }
    }
  }

  private static func reportUnknown<Base: BodyElement>(
    _ name: String, of service: Base, among services: [Base], _ places: SpecPlaces,
    _ diagnostics: inout Diagnostics
  ) {
    guard places.couldReadNames(in: Base.field, of: Base.nameFields) else { return }
    let word = Base.schema.description.name
    let others = services.map(\.name).filter { $0 != service.name }
    let list = others.map { "`\($0)`" }.joined(separator: ", ")
    diagnostics.report(
      .unknownDependency, "`\(service.name)` depends on `\(name)`, which is no \(word) of this workload",
      at: places.place(of: name, in: "dependsOn", of: service),
      help: Suggestion.help(for: name, among: others)
        ?? (others.isEmpty ? "there is no other \(word)" : "the other \(Base.field) are \(list)"))
  }

  /// Reports every group of services that wait for each other once, by one of its cycles.
  ///
  /// The implicit edges need no look: inits wait for inits only, and a sidecar waits for main only where main
  /// does not wait for it, so no cycle goes through one of those.
  private static func reportCycles(
    _ services: [some BodyElement], _ edges: [String: [String]], _ places: SpecPlaces,
    _ diagnostics: inout Diagnostics
  ) {
    let mayCycle = edges.values.contains { $0.contains { edges[$0] != nil } }
    guard mayCycle else { return }
    for cycle in NameGraph(services.map(\.name), edges).cycles {
      report(cycle, services, places, &diagnostics)
    }
  }

  private static func report<Base: BodyElement>(
    _ cycle: [String], _ services: [Base], _ places: SpecPlaces, _ diagnostics: inout Diagnostics
  ) {
    let field = Base.field
    let steps = zip(cycle, cycle.dropFirst() + cycle.prefix(1)).map { name, target in
      let service = services.first { $0.name == name }
      let place = service.flatMap { places.place(of: target, in: "dependsOn", of: $0) }
      return (message: "`\(name)` waits for `\(target)`", place: place)
    }
    let path = (cycle + cycle.prefix(1)).joined(separator: " → ")
    diagnostics.report(
      .dependencyCycle,
      cycle.count == 1
        ? "`\(cycle[0])` waits for itself: \(path)" : "these \(field) wait for each other: \(path)",
      at: steps[0].place, help: "drop one of the dependencies",
      related: steps.dropFirst().flatMap { RelatedLocation.list($0.message, $0.place) })
  }
}
