import Diagnostics
import Values
import YAMLNodes

extension SpecObject {
  /// The object as canonical JSON: every field that is set, defaults included.
  public var json: String { CanonicalJSON.compact(plain) }

  /// Reads what ``json`` wrote, now or in an earlier version.
  ///
  /// - Throws: ``DiagnosticError`` with what can't be read. A field that this version does not know is such a
  ///   thing: half an object would be worse than none.
  public init(json: String, name: String = "snapshot") throws {
    var diagnostics = Diagnostics()
    let tree = YAMLReader.read(SourceFile(name: name, text: json), into: &diagnostics)
    guard !diagnostics.hasErrors else { throw DiagnosticError(diagnostics) }
    guard let root = tree.documents.first else {
      throw DiagnosticError(Diagnostic(.noDocument, "\(name) is empty"))
    }
    var decoder = SpecDecoder()
    let object = Self.read(root, by: &decoder)
    guard let object, !decoder.diagnostics.hasErrors else { throw DiagnosticError(decoder.diagnostics) }
    self = object
  }
}
