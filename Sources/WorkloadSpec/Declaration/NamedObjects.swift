import Values
import YAMLNodes

/// Objects under names that the author of the file chooses, in the order of the file.
public struct NamedObjects<Object: SpecObject>: SpecValue {
  /// An object under its name.
  public struct Entry: Equatable, Sendable {
    /// The key that the object stands under.
    public let name: String
    /// The object that stands under the key.
    public var object: Object
  }

  /// The entries; no name stands twice.
  public private(set) var entries: [Entry] = []

  /// No objects.
  public init() {}

  /// The object under a name.
  public subscript(name: String) -> Object? {
    get { entries.first { $0.name == name }?.object }
    set {
      let index = entries.firstIndex { $0.name == name }
      switch (newValue, index) {
      case (let object?, let index?): entries[index].object = object
      case (let object?, nil): entries.append(Entry(name: name, object: object))
      case (nil, let index?): entries.remove(at: index)
      case (nil, nil): break
      }
    }
  }

  // MARK: SpecValue

  /// Objects under names.
  public static var fieldType: FieldType { .named { Object.schema.description } }

  /// Reads every object; a name that stands twice is reported.
  public static func read(_ node: Node, by decoder: inout SpecDecoder) -> NamedObjects? {
    guard decoder.expect(.mapping, node, fieldType) else { return nil }
    let field = decoder.fieldName
    var objects = NamedObjects()
    var seen: Set<String> = []
    for (key, value) in node.members {
      let name = key.text
      if !seen.insert(name).inserted {
        decoder.reportDuplicate(key: key, in: node)
      } else if value.isNull {
        decoder.fieldName = field
        decoder.reportEmptyElement(value, named: name)
      } else {
        decoder.fieldName = name
        if let object = Object.read(value, by: &decoder) {
          objects.entries.append(Entry(name: name, object: object))
        }
      }
    }
    return objects
  }

  /// A map of the objects under their names, in the order of the file.
  public var plain: Value { .map(entries.map { Value.Member($0.name, $0.object.plain) }) }

  /// Whether there are none.
  public var isUnset: Bool { entries.isEmpty }
}

extension Rule {
  /// The names are DNS labels.
  ///
  /// - Parameter what: what one of the objects is: "a namespace".
  public static func areLabels<Object>(_ what: String) -> Rule where Subject == NamedObjects<Object> {
    Rule("each name a DNS label", code: .badName) { objects in
      objects.entries.first { !DNSLabel.isValid($0.name) }.map {
        RuleProblem("`\($0.name)` is not a usable name of \(what)", help: DNSLabel.help, key: $0.name)
      }
    }
  }
}
