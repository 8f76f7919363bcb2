import Foundation
import ProviderKit
import Rendering
import WorkloadSpec

/// Reads berth.yaml.
struct ConfigurationReader {
  private let registry: ProviderRegistry
  private var diagnostics = Diagnostics()

  /// Reads a file.
  ///
  /// - Parameter registry: the kinds of provider, whose options are known by it.
  /// - Throws: `DiagnosticError` with everything that is wrong with the file.
  static func read(_ file: SourceFile, registry: ProviderRegistry) throws -> Configuration {
    var reader = ConfigurationReader(registry: registry)
    let tree = YAMLReader.read(file, into: &reader.diagnostics)
    let root = tree.documents.first
    let configuration = root.map { $0.isNull ? Configuration() : reader.configuration($0) }
    guard !reader.diagnostics.hasErrors else { throw DiagnosticError(reader.diagnostics) }
    return configuration ?? Configuration()
  }

  private init(registry: ProviderRegistry) { self.registry = registry }

  private mutating func configuration(_ root: Node) -> Configuration {
    var configuration = Configuration()
    var defaultTarget: Node?
    for (key, value) in members(of: root, "berth.yaml") {
      switch key.text {
      case "targets":
        for (name, node) in members(of: value, "`targets`") {
          configuration.targets[name.text] = target(node)
        }
      case "default": defaultTarget = value
      case "webhook": configuration.webhook = webhook(value)
      default: reportUnknown(key, in: "berth.yaml", known: ["targets", "default", "webhook"])
      }
    }
    if let defaultTarget, let name = text(defaultTarget, "`default`") {
      configuration.defaultTarget = name
      if !configuration.targetNames.contains(name) {
        diagnostics.report(
          .badConfiguration, "the default is `\(name)`, and there is no such target",
          at: defaultTarget.location, help: Self.help(for: name, among: configuration.targetNames))
      }
    }
    return configuration
  }

  // MARK: Targets

  private static let commonKeys = ["provider", "namespace", "region", "zone", "namespaces"]

  private mutating func target(_ node: Node) -> TargetEntry {
    var entry = TargetEntry()
    let members = members(of: node, "a target")
    let provider = provider(members, of: node)
    if let provider { entry.provider = provider.name }
    for (key, value) in members where key.text != "provider" {
      switch key.text {
      case "namespace": entry.namespace = namespace(value, value)
      case "region": entry.region = text(value, "`region`")
      case "zone": entry.zone = text(value, "`zone`")
      case "namespaces": entry.limits = limits(value)
      case let option where provider?.lists.contains(option) == true:
        entry.lists[option] = texts(value, "`\(option)` of a target")
      case let option where provider?.options.contains(option) ?? true:
        entry.options[option] = text(value, "`\(option)` of a target")
      default:
        reportUnknown(
          key, in: "a target of the provider `\(entry.provider)`",
          known: Self.commonKeys + (provider?.options ?? []))
      }
    }
    return entry
  }

  /// The kind of provider that a target names; `nil` if it names none that is known.
  private mutating func provider(
    _ members: [(key: Node, value: Node)], of target: Node
  ) -> ProviderRegistry.Entry? {
    guard let value = members.first(where: { $0.key.text == "provider" })?.value else {
      if target.kind == .mapping {
        diagnostics.report(
          .badConfiguration, "this target has no `provider`", at: target.location,
          help: "add `provider: local`")
      }
      return nil
    }
    guard let name = text(value, "`provider`") else { return nil }
    if let entry = registry.list.first(where: { $0.name == name }) { return entry }
    diagnostics.report(
      .unknownProvider, "there is no provider `\(name)`", at: value.location,
      help: Self.help(for: name, among: registry.list.map(\.name)))
    return nil
  }

  private mutating func limits(_ node: Node) -> [String: Int] {
    var limits: [String: Int] = [:]
    for (name, value) in members(of: node, "`namespaces`") {
      guard let name = namespace(name, name) else { continue }
      for (key, number) in members(of: value, "a namespace") {
        guard key.text == "maxInstances" else {
          reportUnknown(key, in: "a namespace", known: ["maxInstances"])
          continue
        }
        guard let text = text(number, "`maxInstances`") else { continue }
        if let maximum = Int(text), maximum >= 0 {
          limits[name] = maximum
        } else {
          diagnostics.report(
            .badInteger, "`maxInstances` must be a whole number from 0, and this is `\(text)`",
            at: number.location, help: "write a number such as `maxInstances: 20`")
        }
      }
    }
    return limits
  }

  private mutating func namespace(_ node: Node, _ place: Node) -> String? {
    guard let name = text(node, "a namespace") else { return nil }
    if DNSLabel.isValid(name) { return name }
    diagnostics.report(
      .badName, "`\(name)` is not a usable namespace", at: place.location, help: DNSLabel.help)
    return nil
  }

  // MARK: The webhook

  private mutating func webhook(_ node: Node) -> WebhookEntry {
    var entry = WebhookEntry()
    for (key, value) in members(of: node, "`webhook`") {
      switch key.text {
      case "url": entry.url = url(value) ?? ""
      case "secret": entry.secret = text(value, "`secret`") ?? ""
      case "events": entry.events = events(value)
      default: reportUnknown(key, in: "`webhook`", known: ["url", "secret", "events"])
      }
    }
    for key in ["url", "secret"] where node.kind == .mapping && node[key] == nil {
      let example = key == "url" ? "https://hooks.example.com/berth" : "env:BERTH_WEBHOOK_SECRET"
      diagnostics.report(
        .missingKey, "`webhook` has no `\(key)`", at: node.location, help: "add `\(key): \(example)`")
    }
    return entry
  }

  private mutating func url(_ node: Node) -> String? {
    guard let text = text(node, "`url`") else { return nil }
    if let url = URL(string: text), ["http", "https"].contains(url.scheme), url.host?.isEmpty == false {
      return text
    }
    diagnostics.report(
      .badConfiguration, "`\(text)` is not the address of a webhook", at: node.location,
      help: "write it whole: `https://hooks.example.com/berth`")
    return nil
  }

  private mutating func events(_ node: Node) -> Set<EventKind> {
    guard node.kind == .sequence else {
      diagnostics.report(
        .wrongType, "`events` must be a list", at: node.location, help: "write `[recorded, failed]`")
      return []
    }
    var events: Set<EventKind> = []
    for element in node.elements {
      if let kind = EventKind(rawValue: element.text) {
        events.insert(kind)
      } else {
        diagnostics.report(
          .badChoice, "there is no event `\(element.text)`", at: element.location,
          help: Self.help(for: element.text, among: EventKind.allCases.map(\.rawValue)))
      }
    }
    return events
  }

  // MARK: Nodes

  private mutating func members(of node: Node, _ what: String) -> [(key: Node, value: Node)] {
    guard node.kind == .mapping else {
      diagnostics.report(.wrongType, "\(what) must be a mapping", at: node.location)
      return []
    }
    var seen: Set<String> = []
    for (key, _) in node.members where !seen.insert(key.text).inserted {
      diagnostics.report(
        .duplicateKey, "the key `\(key.text)` stands twice", at: key.location, help: "delete one of the two")
    }
    return node.members
  }

  private mutating func text(_ node: Node, _ what: String) -> String? {
    if node.kind == .scalar, !node.isNull { return node.text }
    diagnostics.report(.wrongType, "\(what) must be text", at: node.location)
    return nil
  }

  private mutating func texts(_ node: Node, _ what: String) -> [String] {
    guard node.kind == .sequence else {
      diagnostics.report(
        .wrongType, "\(what) must be a list", at: node.location, help: "write `[first, second]`")
      return []
    }
    return node.elements.compactMap { text($0, "an element of \(what)") }
  }

  private mutating func reportUnknown(_ key: Node, in what: String, known: [String]) {
    diagnostics.report(
      .unknownKey, "\(what) has no key `\(key.text)`", at: key.location,
      help: Self.help(for: key.text, among: known))
  }

  private static func help(for name: String, among known: [String]) -> String {
    Suggestion.help(for: name, among: known)
      ?? "it is one of \(known.map { "`\($0)`" }.joined(separator: ", "))"
  }
}
