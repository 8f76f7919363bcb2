import Diagnostics

/// Chooses the services that are imported: by profile, and what those depend on.
enum ServiceSelection {
  /// The services in their order; what is left out or taken in is reported.
  static func select(
    _ project: ComposeProject, profiles: [String], _ diagnostics: inout Diagnostics
  ) -> [ComposeEntry] {
    let services = project.services.entries.filter {
      $0.value.entries != nil && !isProvided($0, &diagnostics)
    }
    var chosen = Set(
      services.filter { isEnabled($0.value, profiles) && !isScaledToNothing($0.value) }.map(\.key))
    var open = services.map(\.key).filter { chosen.contains($0) }
    while let name = open.popLast() {
      let dependencies = project.services[name]?["depends_on"].flatMap { ComposeMerge.names($0).entries }
      for dependency in dependencies ?? []
      where dependency.value["required"].map({ ComposeBool.isTrue($0) }) ?? true {
        guard services.contains(where: { $0.key == dependency.key }), chosen.insert(dependency.key).inserted
        else {
          continue
        }
        open.append(dependency.key)
        diagnostics.report(
          .serviceLeftOut,
          "`\(dependency.key)` is taken in though nothing chooses it: `\(name)` depends on it",
          at: dependency.location, help: "choose it by `--profile`, or write `required: false`")
      }
    }
    for service in services where !chosen.contains(service.key) {
      let names = profileNames(service.value)
      let isScaled = isEnabled(service.value, profiles)
      diagnostics.report(
        .serviceLeftOut,
        "`\(service.key)` is left out: "
          + (isScaled
            ? "its scale is 0" : "its profiles are \(names.map { "`\($0)`" }.joined(separator: ", "))"),
        at: service.location,
        help: isScaled ? "scale it to 1 if it is to run" : "`--profile \(names[0])` takes it in")
    }
    return services.filter { chosen.contains($0.key) }
  }

  /// Whether something else than an engine runs a service, which no spec can say.
  private static func isProvided(_ service: ComposeEntry, _ diagnostics: inout Diagnostics) -> Bool {
    guard let provider = service.value["provider"], !provider.isNull else { return false }
    diagnostics.report(
      .notCarriedOver, "the service `\(service.key)`, which a `provider` runs, has no equivalent",
      at: provider.location,
      help: "run what it provides by itself, and give the others its address")
    return true
  }

  static func profileNames(_ service: ComposeNode) -> [String] {
    (service["profiles"].flatMap { ComposeMerge.texts($0).elements } ?? []).compactMap { $0.text?.resolved }
  }

  private static func isEnabled(_ service: ComposeNode, _ profiles: [String]) -> Bool {
    let names = profileNames(service)
    return names.isEmpty || profiles.contains("*") || names.contains { profiles.contains($0) }
  }

  private static func isScaledToNothing(_ service: ComposeNode) -> Bool {
    let scale = service["scale"] ?? service["deploy"]?["replicas"]
    return scale?.text?.resolved == "0"
  }
}
