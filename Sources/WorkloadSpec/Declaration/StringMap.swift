import Values
import YAMLNodes

/// Texts under keys, ordered by key.
public struct StringMap: SpecValue, Hashable, ExpressibleByDictionaryLiteral {
  /// A key with its text.
  public struct Entry: Hashable, Sendable {
    /// The key, as it is written in the file.
    public let key: String
    /// The text.
    public let value: String
  }

  /// The entries, ordered by key; no key stands twice.
  public private(set) var entries: [Entry] = []

  public init() {}

  /// A map of these pairs; of two with one key, the last counts.
  public init(_ pairs: some Sequence<(key: String, value: String)>) {
    let last = Dictionary(pairs.map { ($0.key, $0.value) }) { _, later in later }
    entries = last.map { Entry(key: $0.key, value: $0.value) }.sorted { $0.key < $1.key }
  }

  /// A map as it is written.
  public init(dictionaryLiteral elements: (String, String)...) {
    for element in elements { self[element.0] = element.1 }
  }

  /// The text under a key.
  public subscript(key: String) -> String? {
    get {
      let index = lowerBound(of: key)
      return index < entries.count && entries[index].key == key ? entries[index].value : nil
    }
    set {
      let index = lowerBound(of: key)
      let exists = index < entries.count && entries[index].key == key
      switch (newValue, exists) {
      case (let value?, true): entries[index] = Entry(key: key, value: value)
      case (let value?, false): entries.insert(Entry(key: key, value: value), at: index)
      case (nil, true): entries.remove(at: index)
      case (nil, false): break
      }
    }
  }

  private func lowerBound(of key: String) -> Int {
    var (low, high) = (0, entries.count)
    while low < high {
      let middle = (low + high) / 2
      if entries[middle].key < key { low = middle + 1 } else { high = middle }
    }
    return low
  }

  // MARK: SpecValue

  /// A mapping of names to texts.
  public static var fieldType: FieldType { .map }

  /// Reads every entry; a key that stands twice is reported.
  public static func read(_ node: Node, by decoder: inout SpecDecoder) -> StringMap? {
    guard decoder.expect(.mapping, node, fieldType) else { return nil }
    var map = StringMap()
    map.entries.reserveCapacity(min(node.descendantCount / 2, SpecDecoder.maximumElements))
    var isOrdered = true
    var child = node.index + 1
    let end = node.end
    while child < end {
      let key = Node(tree: node.tree, index: child)
      let value = Node(tree: node.tree, index: key.end)
      child = value.end
      let name = key.text
      if value.isNull {
        decoder.reportEmptyElement(value, named: name)
      } else if let text = decoder.scalar(value, expecting: .string) {
        if let last = map.entries.indices.last, map.entries[last].key >= name { isOrdered = false }
        map.entries.append(Entry(key: name, value: text))
      }
    }
    if !isOrdered { map.order(reportingDuplicatesIn: node, to: &decoder) }
    return map
  }

  /// Puts entries that were appended in any order into order; of those with one key, the first stays.
  private mutating func order(reportingDuplicatesIn node: Node, to decoder: inout SpecDecoder) {
    let written = entries
    entries.sort { $0.key < $1.key }
    guard zip(entries, entries.dropFirst()).contains(where: { $0.key == $1.key }) else { return }
    decoder.reportDuplicateKeys(in: node)
    var names: Set<String> = []
    entries = written.filter { names.insert($0.key).inserted }.sorted { $0.key < $1.key }
  }

  /// The entries.
  public var plain: Values.Value {
    .map(entries.map { Values.Value.Member($0.key, .string($0.value)) })
  }

  /// Whether there are no entries.
  public var isUnset: Bool { entries.isEmpty }
}
