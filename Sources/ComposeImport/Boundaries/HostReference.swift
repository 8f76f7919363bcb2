import SpecImport
import UserFiles
import WorkloadSpec

/// A text of one service that names another as a host.
struct HostReference: Sendable {
  /// The name as it stands in the text.
  let name: String
  /// Where the text is.
  let location: SourceLocation

  /// The names of hosts among some known names that a service's texts hold.
  static func all(
    of draft: ServiceDraft, among known: Set<String>, _ files: inout FileReader
  ) -> [HostReference] {
    let names = HostNames(known)
    var found: [HostReference] = []
    func add(_ names: [String], at location: SourceLocation) {
      found += names.map { HostReference(name: $0, location: location) }
    }
    func addFile(_ path: String, at location: SourceLocation) {
      guard let source = files.source(at: path), source.bytes.count <= BindChoice.limits.total,
        let text = String(validating: source.bytes, as: UTF8.self)
      else { return }
      add(names.inText(text), at: location)
    }
    for variable in draft.env {
      add(names.inVariable(variable.name, value: variable.text.resolved), at: variable.location)
    }
    add(names.inCommand((draft.command + draft.args).map(\.resolved)), at: draft.location)
    for file in draft.configFiles {
      switch file.source {
      case .content(let text): add(names.inText(text.resolved), at: file.location)
      case .file(let path): addFile(path, at: file.location)
      case .folder(let path):
        guard let boundary = files.boundary,
          let found = try? UserFolder.files(of: path, within: boundary, BindChoice.limits)
        else { continue }
        for item in found {
          add(names.inText(String(decoding: item.bytes, as: UTF8.self)), at: file.location)
        }
      }
    }
    for file in draft.readFiles { addFile(file.path, at: file.location) }
    return found
  }
}
