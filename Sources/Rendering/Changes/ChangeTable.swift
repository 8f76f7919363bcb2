import Planning
import Values

/// Changes below each other, with what they were and become in one column.
enum ChangeTable {
  /// The longest path that the others are aligned with.
  private static let widestPath = 44

  /// The lines of some changes.
  ///
  /// - Parameters:
  ///   - indent: how many columns stand in front.
  ///   - showsCauses: whether each change names its causes.
  static func lines(_ changes: [Change], indent: Int, showsCauses: Bool, _ style: TextStyle) -> [String] {
    let limit = limit(changes.map(\.path), indent, style)
    return lines(changes.map { ChangeRow($0, showsCauses: showsCauses, limit: limit) }, indent: indent, style)
  }

  /// The lines of the fields of something that is created whole.
  static func lines(_ fields: [(path: String, value: Value?)], indent: Int, _ style: TextStyle) -> [String] {
    let limit = limit(fields.map(\.path), indent, style)
    return lines(
      fields.map { ChangeRow(path: $0.path, value: $0.value, limit: limit) }, indent: indent, style)
  }

  private static func column(_ paths: [String]) -> Int {
    paths.map { DisplayWidth.of(SafeText.line($0)) }.filter { $0 <= widestPath }.max() ?? 0
  }

  private static func limit(_ paths: [String], _ indent: Int, _ style: TextStyle) -> Int {
    style.width == 0 ? 0 : max(20, style.width - indent - column(paths) - 4)
  }

  private static func lines(_ rows: [ChangeRow], indent: Int, _ style: TextStyle) -> [String] {
    let space = String(repeating: " ", count: indent)
    let inline = rows.filter { if case .inline = $0.body { true } else { false } }
    let column = column(inline.map(\.path))
    return rows.flatMap { row -> [String] in
      let head = space + style.paint(row.sign.rawValue, row.sign.ink) + " "
      let note = row.causes.map { "  " + style.paint($0, .faint) } ?? ""
      switch row.body {
      case .inline(let segments):
        let value = segments.map { style.paint($0.text, $0.ink) }.joined()
        return [(head + row.path.padded(to: column) + "  " + value + note).trimmingEnd()]
      case .lines(let lines):
        let below = lines.map { line in
          let text = line.text.isEmpty ? line.sign.rawValue : "\(line.sign.rawValue) \(line.text)"
          return
            (space + "    "
            + style.paint(text, line.sign == .added ? .added : line.sign == .removed ? .removed : .faint))
            .trimmingEnd()
        }
        return [head + row.path + note] + below
      }
    }
  }
}

extension String {
  /// The text without spaces at its end.
  func trimmingEnd() -> String {
    var text = self[...]
    while text.last == " " { text.removeLast() }
    return String(text)
  }
}
