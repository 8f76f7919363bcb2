import Diagnostics
import ProviderKit
import Values
import WorkloadSpec
import YAMLNodes

/// What keeps a target's history, if it is not its own engine: a text that names another target or an address, or a mapping
/// with the options of one kind of place.
struct StoreEntry: SpecObject {
  /// What keeps it.
  var place = Place.target("")

  /// What keeps a history.
  enum Place: Sendable {
    /// Whatever keeps that of another target.
    case target(String)
    /// A place of a kind, with what is said of it.
    case kind(StoreKind, any SpecObject)
  }

  /// There are no fields but those of the kinds of places.
  static let schema = ObjectSchema<StoreEntry>(
    "store", "What keeps the history of a target.",
    text: "the name of a target, such as `local`, or an address",
    fields: [])

  /// Reads a text, or a mapping of the kind whose key it has. The registry is the decoder's context.
  static func read(_ node: Node, by decoder: inout SpecDecoder) -> StoreEntry? {
    let kinds = (decoder.context as? ProviderRegistry ?? ProviderRegistry()).stores
    if node.kind == .mapping {
      guard let kind = kinds.first(where: { node[$0.scheme] != nil }) else {
        decoder.report(
          .unknownStore, "the mapping does not say which kind of store it is", at: node, help: help(kinds))
        return nil
      }
      return kind.options.read(node, &decoder).map { StoreEntry(place: .kind(kind, $0)) }
    }
    guard let text = String.read(node, by: &decoder) else { return nil }
    guard let separator = text.firstRange(of: "://") else { return StoreEntry(place: .target(text)) }
    let scheme = String(text[..<separator.lowerBound])
    guard let kind = kinds.first(where: { $0.scheme == scheme }) else {
      decoder.report(
        .unknownStore, "there are no stores of the kind `\(scheme)`", at: node,
        help: Suggestion.help(for: scheme, among: kinds.map(\.scheme)) ?? help(kinds))
      return nil
    }
    let address = String(text[separator.upperBound...])
    if let problem = kind.problem(address) {
      decoder.report(.unknownStore, problem.message, at: node, help: problem.help)
      return nil
    }
    return StoreEntry(place: .kind(kind, kind.address(address)))
  }

  private static func help(_ kinds: [StoreKind]) -> String {
    "a store is the name of a target"
      + kinds.map { ", `\($0.scheme)://…`, or a mapping with the key `\($0.scheme)`" }.joined()
  }

  /// The text, or what is said of the place.
  var plain: Value {
    switch place {
    case .target(let name): .string(name)
    case .kind(_, let options): options.plain
    }
  }

  /// They are the same if they say the same.
  static func == (left: StoreEntry, right: StoreEntry) -> Bool { left.plain == right.plain }
}

extension StoreEntry {
  /// The target that is named; `nil` if it is an address.
  var target: String? { if case .target(let name) = place { name } else { nil } }
}
