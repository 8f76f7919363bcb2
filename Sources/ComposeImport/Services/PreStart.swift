import Diagnostics

/// Containers that run to completion before a service starts, under `pre_start`, as services of their own: each waits for
/// the one before it, and the service for the last.
enum PreStart {
  /// Keys of a service that one before it does not inherit.
  private static let own = [
    "pre_start", "post_start", "pre_stop", "container_name", "hostname", "ports", "expose", "healthcheck",
    "depends_on", "links", "deploy", "scale", "restart", "profiles", "build", "develop", "networks",
  ]

  /// Services with those that run before them.
  static func expand(_ services: [ComposeEntry], _ diagnostics: inout Diagnostics) -> [ComposeEntry] {
    var taken = Set(services.map(\.key))
    return services.flatMap { service -> [ComposeEntry] in
      guard let node = service.value["pre_start"], !node.isNull else { return [service] }
      guard let elements = node.elements else {
        diagnostics.report(
          .composeInvalid, "`pre_start` takes a list, not \(node.phrase)", at: node.location,
          help: "put a `-` in front of each container")
        return [service]
      }
      return expand(service, elements, &taken, &diagnostics)
    }
  }

  private static func expand(
    _ service: ComposeEntry, _ elements: [ComposeNode], _ taken: inout Set<String>,
    _ diagnostics: inout Diagnostics
  ) -> [ComposeEntry] {
    var made: [ComposeEntry] = []
    for (index, element) in elements.enumerated() where element.entries != nil {
      var name = "\(service.key)-pre-start-\(index + 1)"
      while !taken.insert(name).inserted { name += "-1" }
      var base = own.reduce(service.value) { $0.without($1) }
      // A command is that of the image which it is given to.
      if element["image"] != nil { base = ["command", "entrypoint"].reduce(base) { $0.without($1) } }
      var value =
        ComposeMerge.merge(base, element.without("per_replica"), at: ["services", service.key]) ?? base
      if base["image"] == nil, element["image"] == nil, let build = service.value["build"] {
        value = value.adding(ComposeEntry(key: "build", location: build.location, value: build))
      }
      if let last = made.last { value = value.waiting(for: last.key, at: element.location) }
      made.append(ComposeEntry(key: name, location: element.location, value: value))
    }
    guard let last = made.last else { return [service] }
    if let waits = service.value["depends_on"], !waits.isNull {
      diagnostics.report(
        .carriedOverDifferently,
        "what `pre_start` of `\(service.key)` runs comes before all services of its workload, also those that it depends on",
        at: made[0].location, help: "let it wait until what it needs answers")
    }
    var after = service
    after.value = service.value.waiting(for: last.key, at: last.location)
    return made + [after]
  }
}

extension ComposeNode {
  /// The mapping with another entry.
  fileprivate func adding(_ entry: ComposeEntry) -> ComposeNode {
    var copy = without(entry.key)
    copy.content = .map((copy.entries ?? []) + [entry])
    return copy
  }

  /// A service that waits until another has ended with success.
  fileprivate func waiting(for name: String, at location: SourceLocation) -> ComposeNode {
    let condition = ComposeEntry(
      key: "condition", location: location,
      value: with(.scalar(ComposeText(DependencyDraft.Condition.completed.rawValue))))
    let entry = ComposeEntry(key: name, location: location, value: with(.map([condition])))
    let known = self["depends_on"].flatMap { ComposeMerge.names($0).entries } ?? []
    return adding(ComposeEntry(key: "depends_on", location: location, value: with(.map(known + [entry]))))
  }
}
