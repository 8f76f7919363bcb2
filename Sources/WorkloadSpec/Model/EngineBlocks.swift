import Diagnostics
import Values
import YAMLNodes

/// What stands under `on`: fields that only one engine knows, as plain data in canonical form under the engine's name.
///
/// A spec's blocks were checked by what the engines' providers declare. A snapshot keeps the blocks of all engines as
/// they are, also of one that this berth does not know.
public struct EngineBlocks: Hashable, Sendable {
  /// The fields that a spec states for one engine.
  public struct Entry: Hashable, Sendable {
    /// The engine: the name of its provider.
    public let engine: String
    /// The fields of the block, by name.
    public let fields: Value
  }

  /// The blocks, ordered by engine; none is empty, and no engine stands twice.
  public private(set) var entries: [Entry] = []

  /// No blocks.
  public init() {}

  /// Whether there are none.
  public var isEmpty: Bool { entries.isEmpty }

  /// The block of an engine as plain data; `nil` if it has none.
  public subscript(engine: String) -> Value? {
    get { entries.first { $0.engine == engine }?.fields }
    set {
      entries.removeAll { $0.engine == engine }
      guard let newValue, newValue.members?.isEmpty != true else { return }
      let index = entries.firstIndex { $0.engine > engine } ?? entries.count
      entries.insert(Entry(engine: engine, fields: newValue), at: index)
    }
  }

  /// The block of an engine as its provider has it; one that is absent, or that this provider can't read, has nothing
  /// but defaults. Setting one that has nothing but defaults takes it away.
  public subscript<Object: EngineObject>(type: Object.Type) -> Object {
    get {
      guard let fields = self[Object.engine] else { return Object() }
      return (try? Object(json: CanonicalJSON.compact(fields))) ?? Object()
    }
    set { self[Object.engine] = newValue == Object() ? nil : newValue.plain }
  }

  /// The blocks as plain data.
  public var plain: Value { .map(entries.map { Value.Member($0.engine, $0.fields) }) }

  // MARK: One engine

  /// Whether there is a block of another engine.
  func hasOthers(than engine: String) -> Bool { entries.contains { $0.engine != engine } }

  /// The block of one engine alone.
  func narrowed(to engine: String) -> EngineBlocks {
    var blocks = self
    blocks.entries.removeAll { $0.engine != engine }
    return blocks
  }

  // MARK: Reading

  /// Reads the blocks at a place. Without declarations, as in a snapshot, they are kept as they are.
  static func read(_ node: Node, at place: EnginePlace, by decoder: inout SpecDecoder) -> EngineBlocks? {
    guard decoder.expect(.mapping, node, .engines(place)) else { return nil }
    var blocks = EngineBlocks()
    guard let engines = decoder.engines else {
      for (key, value) in node.members { blocks[key.text] = Value(value) }
      return blocks
    }
    var seen: Set<String> = []
    for (key, value) in node.members {
      let name = key.text
      guard seen.insert(name).inserted else {
        decoder.reportDuplicate(key: key, in: node)
        continue
      }
      guard let engine = engines.first(where: { $0.engine == name }) else {
        decoder.reportUnknownEngine(key, among: engines)
        continue
      }
      if value.isNull { continue }
      guard let block = engine.block(at: place) else {
        decoder.reportNoFields(of: engine, at: place, key)
        continue
      }
      decoder.fieldName = name
      blocks[name] = block.read(value, &decoder)
    }
    return blocks
  }
}

extension SpecDecoder {
  fileprivate mutating func reportUnknownEngine(_ key: Node, among engines: [EngineFields]) {
    let known = engines.map(\.engine).sorted()
    report(
      .unknownProvider, "there is no provider `\(key.text)`, so nothing can be said `on` it", at: key,
      help: Suggestion.help(for: key.text, among: known)
        ?? (known.isEmpty
          ? "no provider is known here"
          : "the providers are \(known.map { "`\($0)`" }.joined(separator: ", "))"))
  }

  fileprivate mutating func reportNoFields(of engine: EngineFields, at place: EnginePlace, _ key: Node) {
    let places = engine.places.map { "a \($0.rawValue)" }.joined(separator: ", ")
    report(
      .unknownKey, "`\(engine.engine)` has no fields of its own at a \(place.rawValue)", at: key,
      help: places.isEmpty ? "delete the block: it has none anywhere" : "it has some at \(places)")
  }
}
