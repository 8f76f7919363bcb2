import Values
import WorkloadSpec
import YAMLNodes

/// A pattern of names: `*` stands for any characters, also for none and for `/`, and `?` for one.
public struct Glob: SpecValue, Hashable {
  /// The pattern, as it is written.
  public let text: String
  private let scalars: [Unicode.Scalar]

  public init(_ text: String) {
    self.text = text
    scalars = Array(text.unicodeScalars)
  }

  /// Whether the whole of a text fits.
  ///
  /// It goes back to the last `*` only: what came before that fits as early as it can, and need not fit later.
  public func matches(_ text: String) -> Bool {
    let text = Array(text.unicodeScalars)
    var (place, index) = (0, 0)
    var star: (place: Int, index: Int)?
    while index < text.count {
      if place < scalars.count, scalars[place] == "*" {
        star = (place, index)
        place += 1
      } else if place < scalars.count, scalars[place] == "?" || scalars[place] == text[index] {
        (place, index) = (place + 1, index + 1)
      } else if let last = star {
        star = (last.place, last.index + 1)
        (place, index) = (last.place + 1, last.index + 1)
      } else {
        return false
      }
    }
    return scalars[place...].allSatisfy { $0 == "*" }
  }

  // MARK: SpecValue

  /// Any text.
  public static var fieldType: FieldType { .string }

  /// Takes the text as it is written.
  public static func read(_ node: Node, by decoder: inout SpecDecoder) -> Glob? {
    String.read(node, by: &decoder).map { Glob($0) }
  }

  /// The pattern, as it is written.
  public var plain: Value { .string(text) }
}

extension [Glob] {
  /// Whether a name is meant: one of the patterns fits, or there are none.
  func mean(_ name: String) -> Bool { isEmpty || contains { $0.matches(name) } }
}
