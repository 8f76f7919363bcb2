import Values
import YAMLNodes

/// Texts in which order does not matter, ordered, none of them twice.
public struct StringSet: SpecValue, Hashable, ExpressibleByArrayLiteral {
  /// The texts, ordered.
  public let elements: [String]

  /// A set of these texts.
  public init(_ elements: some Sequence<String>) { self.elements = Set(elements).sorted() }

  /// A set as it is written.
  public init(arrayLiteral elements: String...) {
    // Every object that has a set begins with one of nothing.
    self.elements = elements.isEmpty ? [] : Set(elements).sorted()
  }

  /// A list of texts.
  public static var fieldType: FieldType { .set }

  /// Reads every text; one that stands twice is reported.
  public static func read(_ node: Node, by decoder: inout SpecDecoder) -> StringSet? {
    guard decoder.expect(.sequence, node, fieldType) else { return nil }
    var texts: [String] = []
    for element in node.elements {
      if element.isNull {
        decoder.reportEmptyElement(element)
      } else if let text = decoder.scalar(element, expecting: .string) {
        texts.append(text)
      }
    }
    let isOrdered = zip(texts, texts.dropFirst()).allSatisfy { $0 < $1 }
    if !isOrdered { texts = once(texts, in: node, by: &decoder) }
    return decoder.checkCount(texts.count, at: node) ? StringSet(ordered: texts) : nil
  }

  /// Texts in order, each once; one that stands twice is reported.
  private static func once(_ texts: [String], in node: Node, by decoder: inout SpecDecoder) -> [String] {
    var known: Set<String> = []
    if Set(texts).count < texts.count {
      for element in node.elements where !element.isNull {
        guard let text = decoder.scalar(element, expecting: .string), !known.insert(text).inserted else {
          continue
        }
        decoder.report(
          .duplicateElement, "`\(text)` is listed twice", at: element, help: "delete one of the two")
      }
    }
    return Set(texts).sorted()
  }

  private init(ordered elements: [String]) { self.elements = elements }

  /// The texts.
  public var plain: Value { .list(elements.map { .string($0) }) }

  /// Whether there are no texts.
  public var isUnset: Bool { elements.isEmpty }
}
