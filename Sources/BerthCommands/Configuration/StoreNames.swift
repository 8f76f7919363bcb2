import Diagnostics
import ProviderKit
import WorkloadSpec
import YAMLNodes

extension Configuration {
  /// Reports each `store` that leads nowhere: to a target that is not there, or in a circle.
  ///
  /// - Parameter root: the file, for the places.
  func checkStores(in root: Node?, by decoder: inout SpecDecoder) {
    var inCircles: Set<String> = []
    let order = root?["targets"]?.members.map(\.key.text) ?? []
    for name in order {
      guard let next = targets[name]?.store?.target, let place = root?["targets"]?[name]?["store"] else {
        continue
      }
      if next == name {
        decoder.report(
          .storeCircle, "the store of the target `\(name)` is that target itself", at: place,
          help: "leave `store` out: without it, the target's own engine keeps the history")
        inCircles.insert(name)
      } else if !targetNames.contains(next) {
        decoder.report(
          .unknownStore, "the store of the target `\(name)` is `\(next)`, and there is no such target",
          at: place,
          help: Suggestion.help(for: next, among: targetNames.filter { $0 != name })
            ?? "it is one of \(targetNames.filter { $0 != name }.map { "`\($0)`" }.joined(separator: ", "))")
      } else if let circle = circle(through: name), inCircles.isDisjoint(with: circle) {
        inCircles.formUnion(circle)
        decoder.report(
          .storeCircle,
          "the stores lead in a circle: \((circle + [name]).map { "`\($0)`" }.joined(separator: " to "))",
          at: place,
          help: "leave `store` out of one of them: then its own engine keeps the history of all")
      }
    }
  }

  /// The targets that a target's store leads to and that lead back to it, beginning with it.
  private func circle(through name: String) -> [String]? {
    var way = [name]
    while let next = targets[way[way.count - 1]]?.store?.target, targets[next] != nil {
      if next == name { return way.count > 1 ? way : nil }
      if way.contains(next) { return nil }
      way.append(next)
    }
    return nil
  }
}

// MARK: Making

extension Configuration {
  /// The provider of a target, with the history that its `store` says.
  ///
  /// - Throws: `DiagnosticError` if there is no such target or kind, or if it can't use its options.
  func makeProvider(_ name: String, from registry: ProviderRegistry) throws -> any Provider {
    let entry = try target(name)
    var options = entry.targetOptions(of: name)
    options.store = try store(of: name, entry, from: registry)
    return try registry.get(entry.provider).make(options)
  }

  /// The history that a target's `store` says; `nil` if its own engine keeps it.
  private func store(
    of name: String, _ entry: TargetEntry, from registry: ProviderRegistry
  ) throws -> NamedStore? {
    guard var place = entry.store?.place else { return nil }
    var (owner, owning) = (name, entry)
    // The store of a target that names one is where that one is.
    while case .target(let next) = place {
      (owner, owning) = (next, try target(next))
      guard let further = owning.store?.place else { break }
      place = further
    }
    switch place {
    case .kind(let kind, let options):
      let keeper = try kind.make(StoreOptions(target: owner, own: options, isGiven: owning.isGiven))
      return NamedStore(
        in: keeper, place: "the \(kind.scheme) store of the target `\(name)`", limits: entry.history)
    case .target:
      let provider = try registry.get(owning.provider).make(owning.targetOptions(of: owner))
      guard let keeper = provider as? any StoreKeeper else {
        throw DiagnosticError(
          Diagnostic(
            .noStoreThere,
            "the target `\(owner)` can't keep the history of `\(name)`: its provider `\(owning.provider)` keeps none of other targets",
            help: "name another store, such as `store: local`"))
      }
      return NamedStore(in: keeper, place: "the target `\(owner)`", limits: entry.history)
    }
  }
}
