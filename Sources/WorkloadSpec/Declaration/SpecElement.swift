import Diagnostics
import Values
import YAMLNodes

/// An object of which lists are kept, told apart by the values of some of its fields.
///
/// Order does not matter in such a list. It is kept in one canonical order from reading on, so that a spec
/// and the snapshot that was made from it are equal.
public protocol SpecElement: SpecObject {
  /// The fields that tell it apart, by name.
  static var identityFields: [String] { get }

  /// What is reported of two that can't be told apart.
  static var duplicateCode: DiagnosticCode { get }

  /// How many there may be in a list.
  static var maximumCount: Int { get }

  /// What tells it apart from its siblings, as one text: `8080/tcp`.
  var identity: String { get }

  /// Whether it stands before another in the canonical order.
  func precedes(_ other: Self) -> Bool
}

extension SpecElement {
  /// Lists are kept of it.
  public static var isElement: Bool { true }

  /// An element that is listed twice.
  public static var duplicateCode: DiagnosticCode { .duplicateElement }

  /// A thousand.
  public static var maximumCount: Int { SpecDecoder.maximumElements }

  /// By ``identity`` as a text, so that `10` comes before `9`.
  @inline(__always)
  public func precedes(_ other: Self) -> Bool { identity < other.identity }

  /// A list in which order does not matter.
  public static var listType: FieldType { .keyed({ schema.description }, identity: identityFields) }

  /// Reads every element into the canonical order; two of one identity are reported.
  public static func readList(_ node: Node, by decoder: inout SpecDecoder) -> [Self]? {
    readElements(node, by: &decoder)
  }

  /// What ``readList(_:by:)`` does, for a type that has more to do there.
  static func readElements(_ node: Node, by decoder: inout SpecDecoder) -> [Self]? {
    guard decoder.expect(.sequence, node, listType) else { return nil }
    var elements: [Self] = []
    elements.reserveCapacity(min(node.childCount, maximumCount))
    var isCanonical = true
    var child = node.index + 1
    let end = node.end
    while child < end {
      let element = Node(tree: node.tree, index: child)
      child = element.end
      if element.isNull {
        decoder.reportEmptyElement(element)
      } else if let value = read(element, by: &decoder) {
        if let last = elements.indices.last, !elements[last].precedes(value) { isCanonical = false }
        elements.append(consume value)
      }
    }
    guard decoder.checkCount(elements.count, atMost: maximumCount, at: node) else { return nil }
    if isCanonical { return elements }
    let order = canonicalOrder(of: elements)
    reportDuplicates(among: elements, in: order, node, to: &decoder)
    // Elements are large, and a buffer moves them where an array would copy them.
    elements.withUnsafeMutableBufferPointer { elements in
      for index in order.indices {
        var source = order[index]
        while source < index { source = order[source] }
        elements.swapAt(index, source)
      }
    }
    return elements
  }

  /// The elements, in the canonical order.
  public static func plainList(_ elements: [Self]) -> Value {
    .list(canonicalOrder(of: elements).map { elements[$0].plain })
  }

  /// The indices of the elements in the canonical order; those of one identity stay as they are written.
  private static func canonicalOrder(of elements: [Self]) -> [Int] {
    elements.indices.sorted { left, right in
      if elements[left].precedes(elements[right]) { return true }
      return elements[right].precedes(elements[left]) ? false : left < right
    }
  }

  private static func reportDuplicates(
    among elements: [Self], in order: [Int], _ node: Node, to decoder: inout SpecDecoder
  ) {
    // An object is read from each mapping, and from nothing else.
    lazy var nodes = node.elements.filter { $0.kind == .mapping }
    for (earlier, later) in zip(order, order.dropFirst()) {
      let identity = elements[later].identity
      guard identity == elements[earlier].identity, identity != Self().identity else { continue }
      let (first, second) = (identityNode(of: nodes[earlier]), identityNode(of: nodes[later]))
      decoder.report(
        duplicateCode, "there are two \(schema.description.plural) `\(identity)`", at: second,
        help: "delete one of the two, or change its \(words(identityFields))",
        related: [RelatedLocation(message: "the first is here", location: first.location)])
    }
  }

  private static func identityNode(of element: Node) -> Node {
    identityFields.compactMap { element[$0] }.first ?? element
  }

  private static func words(_ names: [String]) -> String {
    names.map { "`\($0)`" }.joined(separator: " or ")
  }
}
