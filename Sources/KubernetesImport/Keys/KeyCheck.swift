import Diagnostics
import YAMLNodes

/// Holds an object against the table of keys: what has no equivalent, what is not known and what is of the wrong kind is
/// reported where it stands.
struct KeyCheck {
  /// Whether the specs stay on Kubernetes.
  let staysOnKubernetes: Bool
  private(set) var diagnostics = Diagnostics()

  init(staysOnKubernetes: Bool) { self.staysOnKubernetes = staysOnKubernetes }

  /// Reports all of an object.
  ///
  /// - Parameter owner: what it is part of, for messages: "`web`".
  mutating func check(_ node: Node, at place: KeyPlace, of owner: String) {
    check(node, at: place, of: owner, path: [])
  }

  private mutating func check(_ node: Node, at place: KeyPlace, of owner: String, path: [String]) {
    guard node.kind == .mapping else {
      return invalid(
        "\(subject(path)) of \(owner) takes a mapping", at: node.location,
        help: "write keys with values below it")
    }
    var owner = owner
    var path = path
    if let name = node.stated("name")?.scalar, [.container, .volume].contains(place) {
      owner = place == .volume ? "the volume `\(name)`" : "`\(name)`"
      path = []
    }
    let rows = KeyTable.rows[place] ?? [:]
    var seen: Set<String> = []
    for (key, value) in node.members {
      let name = key.text
      guard seen.insert(name).inserted else {
        invalid("`\(name)` of \(owner) stands twice", at: key.location, help: "keep one of the two")
        continue
      }
      guard !value.isNull else { continue }
      check(name, key, value, rows, of: owner, path: path + [name])
    }
  }

  private mutating func check(
    _ name: String, _ key: Node, _ value: Node, _ rows: [String: KeyUse], of owner: String, path: [String]
  ) {
    check(by: rows[name], name, key, value, rows, of: owner, path: path)
  }

  private mutating func check(
    by use: KeyUse?, _ name: String, _ key: Node, _ value: Node, _ rows: [String: KeyUse], of owner: String,
    path: [String]
  ) {
    switch use {
    case .opaque?, .meaningless?: break
    case .kept(let otherwise)?:
      guard !staysOnKubernetes else { return }
      check(by: otherwise, name, key, value, rows, of: owner, path: path)
    case .read?: checkScalar(value, path, of: owner)
    case .texts?:
      guard value.kind == .sequence else {
        return invalid(
          "\(subject(path)) of \(owner) takes a list", at: value.location,
          help: "put a `-` in front of each element")
      }
      for element in value.elements { checkScalar(element, path, of: owner) }
    case .map?:
      guard value.kind == .mapping else {
        return invalid(
          "\(subject(path)) of \(owner) takes a mapping", at: value.location,
          help: "write names with values below it")
      }
      for (name, element) in value.members where !element.isNull {
        checkScalar(element, path + [name.text], of: owner)
      }
    case .inside(let place)?: check(value, at: place, of: owner, path: path)
    case .each(let place)?:
      guard value.kind == .sequence else {
        return invalid(
          "\(subject(path)) of \(owner) takes a list", at: value.location,
          help: "put a `-` in front of each element")
      }
      for element in value.elements { check(element, at: place, of: owner, path: path) }
    case .lost(let help, let harmless)?:
      guard !says(value, harmless) else { return }
      diagnostics.report(
        .notCarriedOver, "\(subject(path)) of \(owner) has no equivalent", at: key.location, help: help)
    case .differs(let help, let harmless)?:
      guard !says(value, harmless) else { return }
      diagnostics.report(
        .carriedOverDifferently, "\(subject(path)) of \(owner) is left out", at: key.location, help: help)
    case nil:
      diagnostics.report(
        .importUnknownKey, "Kubernetes has no key \(subject(path)) of \(owner): it is left out",
        at: key.location,
        help: Suggestion.help(for: name, among: rows.keys.sorted()) ?? "check how it is written")
    }
  }

  private mutating func checkScalar(_ value: Node, _ path: [String], of owner: String) {
    guard value.kind != .scalar else { return }
    invalid(
      "\(subject(path)) of \(owner) takes one value", at: value.location, help: "write a text or a number")
  }

  /// Whether a value says nothing, or what holds anyway.
  private func says(_ value: Node, _ harmless: Set<String>) -> Bool {
    value.isEmpty || value.scalar.map { harmless.contains($0) } ?? false
  }

  private func subject(_ path: [String]) -> String {
    "`\(path.suffix(3).joined(separator: "."))`"
  }

  private mutating func invalid(_ message: String, at location: SourceLocation, help: String) {
    diagnostics.report(.manifestInvalid, message, at: location, help: help)
  }
}
