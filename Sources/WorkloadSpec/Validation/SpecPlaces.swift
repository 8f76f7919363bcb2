import Diagnostics
import YAMLNodes

/// Finds where the parts of a workload stand. Rules ask only when they have something to report, so that
/// what is right costs nothing.
struct SpecPlaces {
  /// The document; `nil` for a workload that was not read from one.
  private let root: Node?
  private let interpolation: Interpolation?

  init(root: Node?, interpolation: Interpolation? = nil) {
    self.root = root
    self.interpolation = interpolation
  }

  /// No places at all.
  static let none = SpecPlaces(root: nil)

  /// Whether there is a document to have places in.
  var hasDocument: Bool { root != nil }

  /// Whether a field of the workload is written. Without a document, everything counts as written.
  func isGiven(_ field: String) -> Bool { root.map { $0[field].map { !$0.isNull } ?? false } ?? true }

  /// Whether the kind could be read, or is not given.
  func couldReadKind() -> Bool {
    guard let kind = root?["kind"], !kind.isNull else { return true }
    return text(of: kind).map { WorkloadKind(rawValue: $0) != nil } ?? false
  }

  /// Whether a field of the workload is given as a list without elements. Without a document, whatever is
  /// empty is so on purpose.
  func isEmptyList(_ field: String) -> Bool {
    guard let root else { return true }
    return root[field].map { $0.kind == .sequence && $0.elements.isEmpty } ?? false
  }

  /// Where a field of the workload stands, or else the workload.
  func place(_ field: String) -> SourceLocation? { (root?[field] ?? root)?.location }

  /// Where a key of a mapping stands that a field of the workload is, or else what holds it.
  func place(_ field: String, key: String) -> SourceLocation? {
    root.map { deepest([field, key], in: $0).location }
  }

  /// Whether the health check of machines could be read.
  func couldReadCheck() -> Bool {
    guard let check = root?["healthCheck"], !check.isNull else { return true }
    var decoder = SpecDecoder(interpolation: interpolation)
    _ = HealthCheck.read(check, by: &decoder)
    return isWhole(decoder)
  }

  /// Where the key of a field of the workload stands, or else the workload.
  func keyPlace(_ field: String) -> SourceLocation? { (root?.key(field) ?? root)?.location }

  /// Where a field of an element of the body stands, or else the element.
  func place(of element: some BodyElement, _ path: String...) -> SourceLocation? {
    guard let node = node(of: element) else { return nil }
    return deepest(path, in: node).location
  }

  /// Where an element of one of a service's lists stands, or a field of it.
  func place<Element: SpecElement>(
    of element: Element, in list: String, of service: Service, _ path: String...
  ) -> SourceLocation? {
    guard let node = node(of: service) else { return nil }
    guard let elements = node[list], let found = find(element, in: elements) else {
      return deepest([list], in: node).location
    }
    return deepest(path, in: found).location
  }

  /// Where a text of a list of texts of the workload stands, or else the list.
  func place(of text: String, in list: String) -> SourceLocation? {
    let element = root?[list]?.elements.first { self.text(of: $0) == text }
    return element?.location ?? place(list)
  }

  /// Where a text of a list of texts of an element of the body stands, or else the list.
  func place(of text: String, in list: String, of element: some BodyElement) -> SourceLocation? {
    guard let node = node(of: element) else { return nil }
    let element = node[list]?.elements.first { self.text(of: $0) == text }
    return (element ?? node[list] ?? node).location
  }

  /// Whether a field of a service could be read, or is not given. What follows from one that could not is not
  /// worth a second message.
  func couldRead(_ field: String, of service: Service) -> Bool {
    guard let node = node(of: service) else { return true }
    guard let value = node[field], !value.isNull else { return !hasMisspelt(field, in: node) }
    var decoder = SpecDecoder(interpolation: interpolation)
    var scratch = Service()
    Service.schema.fields.first { $0.description.name == field }?.read(value, &scratch, &decoder)
    return isWhole(decoder)
  }

  /// Whether a key that is reported as unknown was most likely meant as this field.
  private func hasMisspelt(_ field: String, in node: Node) -> Bool {
    let known = Service.schema.fields.map(\.description.name)
    return node.members.contains { member in
      let name = member.key.text
      return !known.contains(name) && Suggestion.nearest(to: name, among: known) == field
    }
  }

  /// Whether the names of all elements of the body could be read.
  ///
  /// - Parameter fields: those that the names are made of.
  func couldReadNames(in field: String, of fields: [String]) -> Bool {
    couldReadElements(of: field) { node, decoder in
      for key in fields {
        if let name = node[key] { _ = decoder.scalar(name, expecting: .string) }
      }
    }
  }

  /// Whether every element of `services` has a role that could be read.
  func couldReadRoles() -> Bool {
    couldReadElements(of: "services") { node, decoder in
      if let role = node["role"], !role.isNull { _ = Role.read(role, by: &decoder) }
    }
  }

  private func couldReadElements(of field: String, _ read: (Node, inout SpecDecoder) -> Void) -> Bool {
    guard let root, let list = root[field] else { return true }
    return list.kind == .sequence
      && list.elements.allSatisfy { element in
        guard element.kind == .mapping else { return false }
        var decoder = SpecDecoder(interpolation: interpolation)
        read(element, &decoder)
        return isWhole(decoder)
      }
  }

  private func isWhole(_ decoder: SpecDecoder) -> Bool {
    !decoder.diagnostics.hasErrors && decoder.interpolation?.hasGaps != true
  }

  private func node<Base: BodyElement>(of element: Base) -> Node? {
    guard let root else { return nil }
    guard let body = root[Base.field] else { return root }
    if body.kind == .mapping { return body }
    let name = element.name
    return body.elements.first { node in
      Base.nameFields.compactMap { node[$0].flatMap(text) }.filter { !$0.isEmpty }.joined(separator: "/")
        == name
    } ?? root
  }

  private func find<Element: SpecElement>(_ element: Element, in list: Node) -> Node? {
    list.elements.first { node in
      var decoder = SpecDecoder(interpolation: interpolation)
      return Element.read(node, by: &decoder)?.identity == element.identity
    }
  }

  private func deepest(_ path: [String], in node: Node) -> Node {
    var node = node
    for key in path {
      guard let next = node[key] else { break }
      node = next
    }
    return node
  }

  private func text(of node: Node) -> String? {
    var decoder = SpecDecoder(interpolation: interpolation)
    return decoder.scalar(node, expecting: .string)
  }
}
