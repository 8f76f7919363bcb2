import Diagnostics
import YAMLNodes

/// What is wrong with elements that say with ``ElementPatch`` what becomes of an element of an earlier layer.
struct PatchProblems {
  private(set) var diagnostics = Diagnostics()
  /// Whether there is an earlier layer at all.
  var isLater = false

  /// Says why an element with ``ElementPatch/key`` changes nothing.
  ///
  /// - Parameters:
  ///   - fields: those that tell elements of its list apart.
  ///   - known: what tells the elements apart that earlier layers have.
  mutating func report(
    _ element: Node, _ description: ObjectDescription, _ fields: [FieldDescription],
    among known: Set<[String]>
  ) {
    guard let key = ElementPatch.member(of: element) else { return }
    let word = element[ElementPatch.key]?.text ?? ""
    guard let patch = ElementPatch(of: element) else {
      diagnostics.report(
        .badChoice, "`\(ElementPatch.key)` takes `delete` or `replace`, and this is `\(word)`",
        at: key.location,
        help: Suggestion.help(for: word, among: ElementPatch.allCases.map(\.rawValue)) ?? ElementPatch.help)
      return
    }
    guard let identity = LayerMerge.identity(of: element, fields) else {
      let names = fields.filter { $0.defaultValue == nil }.map { "`\($0.name)`" }.joined(separator: " and ")
      diagnostics.report(
        .missingKey, "nothing says which \(description.name) to \(patch.rawValue)", at: key.location,
        help: "give its \(names)")
      return
    }
    let name = identity.joined(separator: "/")
    let place = fields.compactMap { element[$0.name] }.first ?? element
    if known.contains(identity) {
      diagnostics.report(
        .duplicateElement, "the \(description.name) `\(name)` stands twice in this layer", at: place.location,
        help: "write it once: with `\(ElementPatch.key)`, or with what is to be merged")
    } else {
      diagnostics.report(
        .patchOfNothing, "there is no \(description.name) `\(name)` to \(patch.rawValue)", at: place.location,
        help: help(name, description, among: known))
    }
  }

  private func help(_ name: String, _ description: ObjectDescription, among known: Set<[String]>) -> String {
    guard isLater else {
      return "no earlier file has this workload; \(ElementPatch.help)"
    }
    let names = known.map { $0.joined(separator: "/") }.sorted()
    if let nearest = Suggestion.help(for: name, among: names) { return nearest }
    if names.isEmpty { return "the earlier files have no \(description.plural) here" }
    let listed = names.prefix(Self.mostListed).map { "`\($0)`" }.joined(separator: ", ")
    return "the earlier files have \(listed)" + (names.count > Self.mostListed ? " and others" : "")
  }

  /// How many elements a help lists.
  private static let mostListed = 10
}
