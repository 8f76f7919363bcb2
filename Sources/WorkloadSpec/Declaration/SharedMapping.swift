import Diagnostics
import YAMLNodes

extension Node {
  /// Takes a mapping apart whose keys belong to two objects, such as what all targets have and what only one kind of
  /// target has. Every node keeps its place.
  ///
  /// A key of neither goes to the object that has the nearest one, so that it is reported with that; else to the second.
  /// What is no mapping is left as it is.
  public func divided(
    between first: ObjectDescription, _ second: ObjectDescription
  ) -> (first: Node, second: Node) {
    guard kind == .mapping else { return (self, self) }
    let (firstNames, secondNames) = (first.fields.map(\.name), second.fields.map(\.name))
    func isOfFirst(_ key: String) -> Bool {
      if firstNames.contains(key) { return true }
      if secondNames.contains(key) { return false }
      guard !secondNames.isEmpty else { return true }
      return Suggestion.nearest(to: key, among: secondNames + firstNames).map(firstNames.contains) ?? false
    }
    return (part(where: isOfFirst), part { !isOfFirst($0) })
  }

  /// A mapping with those of its keys alone that are wanted. What is no mapping is left as it is.
  public func part(where isWanted: (String) -> Bool) -> Node {
    guard kind == .mapping else { return self }
    var builder = NodeTreeBuilder()
    let opened = builder.open(like: self)
    for (key, value) in members where isWanted(key.text) {
      builder.append(key)
      builder.append(value)
    }
    builder.close(opened)
    return Node(tree: builder.build(), index: 0)
  }
}

/// The kinds of an object that one of its keys tells apart, each with keys of its own.
public struct ObjectKinds: Sendable {
  /// The key whose value tells the kinds apart; `nil` if each kind has a key that no other one has.
  public let key: String?
  /// What the key says for each kind, and the keys that only this kind has.
  public let kinds: [(name: String, description: ObjectDescription)]

  /// Kinds of an object.
  public init(key: String?, kinds: [(name: String, description: ObjectDescription)]) {
    self.key = key
    self.kinds = kinds
  }
}
