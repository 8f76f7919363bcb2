import Diagnostics

/// The comment in front of a spec: what it was made of, and what it does not say.
enum SpecComment {
  static func text(madeFrom file: String, by command: String, notes: some Sequence<Diagnostic>) -> String {
    var text = "# Made from \(line(file)) by `\(command)`.\n"
    let lost = notes.filter(\.isLoss)
    guard !lost.isEmpty else { return text }
    text += "# Not in it, or not as it was there:\n"
    var seen: Set<String> = []
    for note in lost {
      let place = note.location.map { "\($0.file.name):\($0.line): " } ?? ""
      let item = line(place + note.message)
      if seen.insert(item).inserted { text += "#   \(item)\n" }
    }
    return text
  }

  /// A text that can't end a comment.
  static func line(_ text: String) -> String {
    String(String.UnicodeScalarView(text.unicodeScalars.map { $0.properties.isControl ? " " : $0 }))
  }
}

extension Unicode.Scalar.Properties {
  /// Whether a reader may take the character for the end of a line, or refuse it.
  fileprivate var isControl: Bool {
    [.control, .lineSeparator, .paragraphSeparator, .format, .surrogate, .privateUse, .unassigned]
      .contains(generalCategory)
  }
}
