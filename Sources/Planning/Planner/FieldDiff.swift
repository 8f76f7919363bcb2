import Values
import WorkloadSpec

/// The three-way comparison of one field: the desired value, the live one, and that of the last release.
///
/// It walks the field's declared type, so that elements are matched by identity and not by position, and it leaves
/// unowned values alone: live ones that neither the spec nor the last release sets.
struct FieldDiff {
  /// Whether live values that neither sets count as ours: a run that did not end may have put them there.
  let ownsEverything: Bool
  /// Whether fields take part that leave no trace on an engine.
  let comparesEverything: Bool
  /// The fields, by their path in the language, that the engine was told nothing of.
  let untold: Set<String>
  /// What engines declare: what is said on others is compared only if everything is, and then as a whole.
  let engines: [EngineFields]
  /// The causes of a difference between these three values.
  let causes: (_ desired: Value?, _ live: Value?, _ last: Value?) -> Set<Cause>
  private(set) var changes: [Change] = []

  init(
    ownsEverything: Bool, comparesEverything: Bool = false, untold: Set<String> = [],
    engines: [EngineFields] = [],
    causes: @escaping (Value?, Value?, Value?) -> Set<Cause>
  ) {
    self.ownsEverything = ownsEverything
    self.comparesEverything = comparesEverything
    self.untold = untold
    self.engines = engines
    self.causes = causes
  }

  /// Compares a field, or what is below one.
  ///
  /// - Parameter leaf: its path in the language, in which no element is named; by default, as that of a field which is
  ///   in none.
  mutating func compare(
    _ path: String, _ type: FieldType, desired: Value?, live: Value?, last: Value?, impact: Impact,
    isSecret: Bool = false, leaf: String? = nil
  ) {
    let leaf = leaf ?? path
    if desired == live || untold.contains(leaf) { return }
    switch type {
    case .object(let description):
      compareMembers(
        path, description(), desired: desired, live: live, last: last, impact: impact, isSecret: isSecret,
        leaf: leaf)
    case .keyed(let description, let identity):
      compareElements(
        path, description(), identity, desired: desired, live: live, last: last, impact: impact,
        isSecret: isSecret, leaf: leaf)
    case .map:
      for key in Self.keys(of: desired, live) {
        compareLeaf(
          Self.join(path, key), desired: desired?[key], live: live?[key], last: last?[key], impact: impact,
          isSecret: isSecret)
      }
    case .engines(let place):
      compareBlocks(
        path, place, desired: desired, live: live, last: last, impact: impact, isSecret: isSecret, leaf: leaf)
    case .tree:
      compareTree(path, desired: desired, live: live, last: last, impact: impact, isSecret: isSecret)
    case .string, .text, .integer, .boolean, .choice, .quantity, .list, .set, .named:
      compareLeaf(path, desired: desired, live: live, last: last, impact: impact, isSecret: isSecret)
    }
  }

  private mutating func compareMembers(
    _ path: String, _ description: ObjectDescription, desired: Value?, live: Value?, last: Value?,
    impact: Impact, isSecret: Bool, leaf: String
  ) {
    for field in description.fields where comparesEverything || field.comparison == .value {
      compare(
        Self.join(path, field.name), field.type, desired: desired?[field.name], live: live?[field.name],
        last: last?[field.name], impact: field.impact ?? impact, isSecret: isSecret || field.isSecret,
        leaf: "\(leaf).\(field.name)")
    }
  }

  /// Compares what is said on engines. A block that is absent has the defaults.
  private mutating func compareBlocks(
    _ path: String, _ place: EnginePlace, desired: Value?, live: Value?, last: Value?, impact: Impact,
    isSecret: Bool, leaf: String
  ) {
    for engine in engines {
      let name = engine.engine
      guard let block = engine[place], desired?[name] != live?[name] else { continue }
      for field in block.fields where comparesEverything || field.comparison == .value {
        func side(_ blocks: Value?) -> Value? { blocks?[name]?[field.name] ?? field.defaultValue }
        compare(
          Self.join(Self.join(path, name), field.name), field.type, desired: side(desired),
          live: side(live), last: side(last), impact: field.impact ?? impact,
          isSecret: isSecret || field.isSecret, leaf: "\(leaf).\(name).\(field.name)")
      }
    }
    guard comparesEverything else { return }
    let declared = Set(engines.filter { $0[place] != nil }.map(\.engine))
    for name in Self.keys(of: desired, live) where !declared.contains(name) {
      compareLeaf(
        Self.join(path, name), desired: desired?[name], live: live?[name], last: last?[name],
        impact: impact, isSecret: isSecret)
    }
  }

  /// Compares data of any shape: maps by their keys, everything else as a whole.
  private mutating func compareTree(
    _ path: String, desired: Value?, live: Value?, last: Value?, impact: Impact, isSecret: Bool
  ) {
    if desired == live { return }
    guard desired?.members != nil, live?.members != nil else {
      return compareLeaf(path, desired: desired, live: live, last: last, impact: impact, isSecret: isSecret)
    }
    for key in Self.keys(of: desired, live) {
      compareTree(
        Self.join(path, key), desired: desired?[key], live: live?[key], last: last?[key], impact: impact,
        isSecret: isSecret)
    }
  }

  private mutating func compareElements(
    _ path: String, _ description: ObjectDescription, _ identity: [String], desired: Value?, live: Value?,
    last: Value?, impact: Impact, isSecret: Bool, leaf: String
  ) {
    let desired = Self.elements(of: desired, by: identity)
    let live = Self.elements(of: live, by: identity)
    let last = Self.elements(of: last, by: identity)
    for key in Set(desired.keys).union(live.keys).sorted() {
      let path = "\(path)[\(key)]"
      if desired[key] != nil, live[key] != nil {
        compareMembers(
          path, description, desired: desired[key], live: live[key], last: last[key], impact: impact,
          isSecret: isSecret, leaf: leaf)
      } else {
        compareLeaf(
          path, desired: desired[key], live: live[key], last: last[key], impact: impact, isSecret: isSecret)
      }
    }
  }

  private mutating func compareLeaf(
    _ path: String, desired: Value?, live: Value?, last: Value?, impact: Impact, isSecret: Bool
  ) {
    guard desired != live else { return }
    guard desired != nil || last != nil || ownsEverything else { return }
    func side(_ value: Value?) -> ChangeValue { value.map { isSecret ? .secret : .value($0) } ?? .absent }
    changes.append(
      Change(
        path: path, old: side(live), new: side(desired), causes: causes(desired, live, last), impact: impact))
  }

  private static func keys(of maps: Value?...) -> [String] {
    Set(maps.flatMap { $0?.members?.map(\.key) ?? [] }).sorted()
  }

  /// The elements of a list by their identity.
  static func elements(of list: Value?, by identity: [String]) -> [String: Value] {
    var elements: [String: Value] = [:]
    for element in list?.list ?? [] { elements[Self.identity(of: element, identity)] = element }
    return elements
  }

  private static func identity(of element: Value, _ fields: [String]) -> String {
    fields.map { name in
      switch element[name] {
      case .string(let text): text
      case .int(let number): String(number)
      default: ""
      }
    }.joined(separator: "/")
  }

  /// `env.LOG_LEVEL`; a key that is not a plain word stands in brackets: `labels[example.com/team]`.
  static func join(_ path: String, _ key: String) -> String {
    if path.isEmpty { return key }
    let isWord =
      !key.isEmpty && key.utf8.allSatisfy { $0 != UInt8(ascii: ".") && $0 != UInt8(ascii: "[") && $0 > 0x20 }
    return isWord ? "\(path).\(key)" : "\(path)[\(key)]"
  }
}
