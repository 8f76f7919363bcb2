import Values
import YAMLNodes

/// A place of the language at which there may be fields that only one engine knows.
public enum EnginePlace: String, Sendable, CaseIterable {
  /// The block `on` of a workload.
  case workload
  /// The block `on` of a service.
  case service
  /// A volume of a service.
  case volume
  /// A port of a service.
  case port
  /// The block `on` of a machine.
  case machine
}

/// Fields that only one engine knows at one place of the language, as a Swift value of that engine's provider.
///
/// A provider declares them as the language declares its own: the schema is the one statement that reading, defaults,
/// the JSON Schema, the reference, the snapshot and the diff are made from.
public protocol EngineObject: SpecObject {
  /// The engine: the name of its provider.
  static var engine: String { get }
  /// Where they may stand.
  static var place: EnginePlace { get }
}

/// All fields that only one engine knows, by the places at which they may stand under `on`.
public struct EngineFields: Sendable {
  /// The engine: the name of its provider, as it stands under `on`.
  public let engine: String
  private let blocks: [EnginePlace: Block]

  /// What is known of the fields at one place without their Swift type.
  struct Block: Sendable {
    private let describe: @Sendable () -> ObjectDescription
    /// Reads them; the result is `nil` if nothing could be read, and empty if all fields have their defaults.
    let read: @Sendable (Node, inout SpecDecoder) -> Value?

    init<Object: EngineObject>(of type: Object.Type) {
      describe = { Object.schema.description }
      read = { node, decoder in
        Object.read(node, by: &decoder).map { $0 == Object() ? .map([]) : $0.plain }
      }
    }

    /// What is known of the object. Most commands meet no such fields and never make it.
    var description: ObjectDescription { describe() }
  }

  /// The fields of an engine: at most one object for each place.
  public init(_ engine: String, _ types: any EngineObject.Type...) {
    self.engine = engine
    var blocks: [EnginePlace: Block] = [:]
    for type in types {
      precondition(type.engine == engine && blocks[type.place] == nil, "one object of the engine for a place")
      blocks[type.place] = Block(of: type)
    }
    self.blocks = blocks
  }

  /// The fields at a place; `nil` if the engine has none there.
  public subscript(place: EnginePlace) -> ObjectDescription? { blocks[place]?.description }

  func block(at place: EnginePlace) -> Block? { blocks[place] }

  /// The places at which there are fields.
  public var places: [EnginePlace] { EnginePlace.allCases.filter { blocks[$0] != nil } }
}

extension [EngineFields] {
  /// What may stand under `on` at a place: an object with a field for each engine that has fields there.
  public func description(at place: EnginePlace) -> ObjectDescription {
    ObjectDescription(
      name: "on", plural: "on", summary: "Fields that only one engine knows, under its name.",
      isElement: false, shorthand: { _ in nil }, text: nil, alternatives: nil,
      fields: compactMap { engine in
        engine.block(at: place).map { block in
          FieldDescription(
            name: engine.engine, summary: "what only \(engine.engine) knows of a \(place.rawValue)",
            type: .object { block.description }, isRequired: false, defaultValue: nil, isSecret: false,
            takesSecrets: false, takesAddresses: false, comparison: .value, impact: nil, rules: [])
        }
      })
  }
}
