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
    var found: [HostReference] = []
    func add(_ names: [String], at location: SourceLocation) {
      found += names.map { HostReference(name: $0, location: location) }
    }
    func addFile(_ path: String, at location: SourceLocation) {
      guard let source = files.source(at: path), source.bytes.count <= BindChoice.limits.total,
        let text = String(validating: source.bytes, as: UTF8.self)
      else { return }
      add(names(in: text, among: known), at: location)
    }
    for variable in draft.env {
      let text = variable.text.resolved
      var names = names(in: text, among: known)
      if namesHosts(variable.name) {
        let words = text.split { ",; ".contains($0) }.map(String.init)
        names += words.filter { known.contains($0) }
      }
      add(names, at: variable.location)
    }
    add(names(inCommand: (draft.command + draft.args).map(\.resolved), among: known), at: draft.location)
    for file in draft.configFiles {
      switch file.source {
      case .content(let text): add(names(in: text.resolved, among: known), at: file.location)
      case .file(let path): addFile(path, at: file.location)
      case .folder(let path):
        guard let boundary = files.boundary,
          let found = try? UserFolder.files(of: path, within: boundary, BindChoice.limits)
        else { continue }
        for item in found {
          add(names(in: String(decoding: item.bytes, as: UTF8.self), among: known), at: file.location)
        }
      }
    }
    for file in draft.readFiles { addFile(file.path, at: file.location) }
    return found
  }

  /// Whether a variable of this name holds hosts.
  private static func namesHosts(_ variable: String) -> Bool {
    let parts = variable.uppercased().split { !$0.isLetter }
    let words: Set = [
      "HOST", "HOSTS", "HOSTNAME", "ADDR", "ADDRESS", "SERVER", "SERVERS", "URL", "URI", "ENDPOINT",
      "ENDPOINTS",
      "BROKER", "BROKERS", "UPSTREAM", "NODES", "PEERS",
    ]
    return parts.contains { words.contains(String($0)) }
  }

  private static let hostOptions: Set = ["-h", "-H", "--host", "--hostname", "--server", "--db-host"]

  private static func names(inCommand words: [String], among known: Set<String>) -> [String] {
    var found: [String] = []
    for (index, word) in words.enumerated() {
      found += names(in: word, among: known)
      let value = word.split(separator: "=", maxSplits: 1).last.map(String.init) ?? ""
      if known.contains(value), value != word, word.lowercased().contains("host") { found.append(value) }
      if index > 0, hostOptions.contains(words[index - 1]), known.contains(word) { found.append(word) }
    }
    return found
  }

  /// Names behind `//` or `@`, or in front of `:` and a digit.
  private static func names(in text: String, among known: Set<String>) -> [String] {
    var found: [String] = []
    var before: (Character?, Character?) = (nil, nil)
    var rest = text[...]
    while let first = rest.first {
      guard isName(first) else {
        before = (before.1, first)
        rest.removeFirst()
        continue
      }
      let word = rest.prefix { isName($0) }
      rest = rest.dropFirst(word.count)
      let isBehindSign = before == ("/", "/") || before.1 == "@"
      let isBeforePort = rest.first == ":" && rest.dropFirst().first?.isNumber == true
      if isBehindSign || isBeforePort, known.contains(String(word)) { found.append(String(word)) }
      before = (nil, word.last)
    }
    return found
  }

  private static func isName(_ character: Character) -> Bool {
    character.isLetter || character.isNumber || "-_.".contains(character)
  }
}
