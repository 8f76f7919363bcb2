/// An element of the XML that AWS's services answer with: elements with names, text and other elements. Attributes, comments and
/// instructions are read over.
///
/// Foundation's reader is not used: with it, the program would need a libxml2 of the machine that it is run on.
package struct AnswerElement: Sendable, Equatable {
  /// The name, without a prefix.
  package let name: String
  /// The elements in it, in order.
  package internal(set) var children: [AnswerElement] = []
  /// Its text, without white space at its ends; that between elements is left out.
  package internal(set) var text = ""

  /// The first element in it that has a name.
  package subscript(name: String) -> AnswerElement? { children.first { $0.name == name } }

  /// All elements in it that have a name.
  package func all(_ name: String) -> [AnswerElement] { children.filter { $0.name == name } }

  /// Reads a document; `nil` if it is none, or one with a declaration of its own language, which no service sends.
  package init?(parsing bytes: some Sequence<UInt8>) {
    var reader = XMLReader(Array(bytes))
    guard let root = reader.document() else { return nil }
    self = root
  }

  init(name: String) { self.name = name }
}
