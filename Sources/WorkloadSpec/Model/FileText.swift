import Values
import YAMLNodes

/// A text that stands in the document, or that a file has: `{file: cloud-init.yaml}`.
public struct FileText: SpecValue, Hashable, ExpressibleByStringLiteral {
  /// The text itself.
  public var content: String
  /// The file whose content it is, until that is read: a snapshot holds the content itself.
  public var file: String?

  /// A text that stands in the document.
  public init(_ content: String) { self.content = content }

  /// The text of a literal.
  public init(stringLiteral value: String) { content = value }

  /// A text, or a mapping with the path of a file.
  public static var fieldType: FieldType { .text }

  /// Reads a text as it is written, or the path of a file, whose content is taken afterwards.
  public static func read(_ node: Node, by decoder: inout SpecDecoder) -> FileText? {
    guard node.kind == .mapping else {
      return decoder.scalar(node, expecting: fieldType).map { FileText($0) }
    }
    guard let source = FileSource.read(node, by: &decoder) else { return nil }
    var text = FileText("")
    text.file = source.file
    return text
  }

  /// The text.
  public var plain: Value { .string(content) }

  /// Whether it is empty, and no file has it.
  public var isUnset: Bool { content.isEmpty && file == nil }
}

/// The mapping that names the file of a ``FileText``.
struct FileSource: SpecObject {
  /// The path of the file.
  var file = ""

  init() {}

  static let schema = ObjectSchema<FileSource>(
    "text of a file", "A text that a file has.", synonyms: ["path": "file", "source": "file"],
    fields: [
      Field(
        "file", \.file,
        "a file whose content is taken as it is, by its path from the folder of this one; it lies in the same git "
          + "repository or, without one, in the same folder",
        required: true, rules: [.notEmpty])
    ])
}
