import YAMLNodes

/// What a later file can do with an element of a list besides merging it: the `$patch` of Kubernetes' strategic
/// merge.
enum ElementPatch: String, CaseIterable {
  /// The element goes.
  case delete
  /// The element is taken as the later file has it, with nothing of the earlier one.
  case replace

  /// The key that says so.
  static let key = "$patch"

  /// Where and how it can be used.
  static let help =
    "in a later file, `$patch: delete` takes away and `$patch: replace` swaps an element that an earlier file has"

  /// What an element of a later file says; `nil` if it is merged.
  init?(of element: Node) {
    guard let value = element[Self.key], value.kind == .scalar else { return nil }
    self.init(rawValue: value.text)
  }

  /// The key with which an element says it, rightly or not; `nil` if it does not.
  static func member(of element: Node) -> Node? { element.key(key) }
}
