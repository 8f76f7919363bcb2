import Diagnostics
import YAMLNodes

/// All objects of an import, to be found by what others call them.
struct ManifestSet: Sendable {
  /// The objects in the order of the files.
  let objects: [ManifestObject]
  private let byKind: [String: [ManifestObject]]
  /// By kind and name, of the core.
  private let byName: [String: [ManifestObject]]
  /// Autoscalers by kind and name of what they scale.
  private let autoscalers: [String: [ManifestObject]]
  /// Disruption budgets by the first label that they select.
  private let budgets: [String: [ManifestObject]]
  /// Services by the first label that they select.
  private let services: [String: [ManifestObject]]

  init(_ objects: [ManifestObject]) {
    self.objects = objects
    let byKind = Dictionary(grouping: objects, by: \.kind)
    self.byKind = byKind
    autoscalers = Dictionary(grouping: byKind["HorizontalPodAutoscaler"] ?? []) { scaler in
      let target = scaler.spec?["scaleTargetRef"]
      return "\(target?["kind"]?.text ?? "")/\(target?["name"]?.text ?? "")"
    }
    services = Self.bySelector((byKind["Service"] ?? []).filter(\.group.isEmpty), \.selector)
    budgets = Self.bySelector(byKind["PodDisruptionBudget"] ?? [], \.budgetSelector)
    byName = Dictionary(grouping: objects.filter(\.group.isEmpty)) { "\($0.kind)/\($0.name)" }
  }

  /// The objects of a kind of the core.
  func all(_ kind: String) -> [ManifestObject] { (byKind[kind] ?? []).filter { $0.group.isEmpty } }

  /// The object of a kind of the core that another one means by a name.
  func find(_ kind: String, _ name: String, from object: ManifestObject) -> ManifestObject? {
    let named = byName["\(kind)/\(name)"] ?? []
    return named.first { $0.namespace == object.namespace } ?? named.first { object.reaches($0) }
  }

  /// The autoscaler of a controller.
  func autoscaler(of object: ManifestObject) -> ManifestObject? {
    autoscalers["\(object.kind)/\(object.name)"]?.first { object.reaches($0) }
  }

  /// The Services that select pods with some labels, in the order of the files.
  func services(selecting object: ManifestObject, _ labels: [(key: String, value: Node)]) -> [ManifestObject]
  {
    Self.selecting(object, labels, services, \.selector)
  }

  /// The disruption budget of pods with some labels: the first, where there are several.
  func budget(of object: ManifestObject, _ labels: [(key: String, value: Node)]) -> ManifestObject? {
    Self.selecting(object, labels, budgets, \.budgetSelector).first
  }

  private typealias Selector = (ManifestObject) -> [String]

  private static func bySelector(
    _ objects: [ManifestObject], _ selector: Selector
  ) -> [String: [ManifestObject]] {
    Dictionary(grouping: objects) { selector($0).first ?? "" }
  }

  private static func selecting(
    _ object: ManifestObject, _ labels: [(key: String, value: Node)], _ known: [String: [ManifestObject]],
    _ selector: Selector
  ) -> [ManifestObject] {
    let pairs = Set(labels.map { "\($0.key)=\($0.value.scalar ?? "")" })
    let found = pairs.flatMap { known[$0] ?? [] }.filter { other in
      object.reaches(other) && selector(other).allSatisfy(pairs.contains)
    }
    return found.sorted { $0.number < $1.number }
  }

  /// Says which objects stand twice.
  func reportDuplicates(_ diagnostics: inout Diagnostics) {
    var firsts: [[String]: ManifestObject] = [:]
    for object in objects where object.node["metadata"]?["name"] != nil {
      let key = [object.group, object.kind, object.namespace ?? "", object.name]
      guard let first = firsts[key] else {
        firsts[key] = object
        continue
      }
      diagnostics.report(
        .manifestInvalid, "\(object.phrase) stands twice", at: object.location,
        help: "give one of the two only",
        related: [RelatedLocation(message: "it is here, too", location: first.location)])
    }
  }
}

extension ManifestObject {
  /// What a Service selects, as `app=web`.
  fileprivate var selector: [String] {
    (spec?.map("selector") ?? []).map { "\($0.key)=\($0.value.scalar ?? "")" }
  }

  /// What a disruption budget selects; nothing of one that selects by expressions.
  fileprivate var budgetSelector: [String] {
    guard let selector = spec?.stated("selector"), selector.list("matchExpressions").isEmpty else {
      return []
    }
    return selector.map("matchLabels").map { "\($0.key)=\($0.value.scalar ?? "")" }
  }

  /// Whether the two are in one namespace, as far as they state one.
  func reaches(_ other: ManifestObject) -> Bool {
    namespace == nil || other.namespace == nil || namespace == other.namespace
  }
}
