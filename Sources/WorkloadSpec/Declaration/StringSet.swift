/// Texts in which order does not matter, ordered, none of them twice.
public struct StringSet: SpecValue, Hashable, ExpressibleByArrayLiteral {
  /// The texts, ordered.
  public let elements: [String]

  /// A set of these texts.
  public init(_ elements: some Sequence<String>) { self.elements = Set(elements).sorted() }

  /// A set as it is written.
  public init(arrayLiteral elements: String...) { self.init(elements) }

  /// A list of texts.
  public static var fieldType: FieldType { .set }

  /// Reads every text; one that stands twice is reported.
  public static func read(_ node: Node, by decoder: inout SpecDecoder) -> StringSet? {
    guard decoder.expect(.sequence, node, fieldType) else { return nil }
    var texts: Set<String> = []
    for element in node.elements {
      if element.isNull {
        decoder.reportEmptyElement(element)
      } else if let text = decoder.scalar(element, expecting: .string), !texts.insert(text).inserted {
        decoder.report(
          .duplicateElement, "`\(text)` is listed twice", at: element, help: "delete one of the two")
      }
    }
    return decoder.checkCount(texts.count, at: node) ? StringSet(texts) : nil
  }

  /// The texts.
  public var plain: Value { .list(elements.map { .string($0) }) }

  /// Whether there are no texts.
  public var isUnset: Bool { elements.isEmpty }
}
