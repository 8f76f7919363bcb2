/// Rows of cells, laid out in columns that are as wide as their widest cell.
struct Table {
  /// A text with its colour. Text from outside is made safe here, in case the caller did not.
  struct Cell {
    let text: String
    let ink: Ink?

    init(_ text: String, _ ink: Ink? = nil) {
      self.text = SafeText.line(text)
      self.ink = ink
    }
  }

  private enum Line {
    case cells([Cell])
    case note(String, Ink?)
  }

  private let header: [String]
  private var lines: [Line] = []

  /// A table with these words above its columns.
  init(_ header: [String]) { self.header = header }

  mutating func add(_ cells: [Cell]) { lines.append(.cells(cells)) }

  /// Adds a line that keeps to no column.
  mutating func add(note: String, _ ink: Ink? = nil) { lines.append(.note(SafeText.line(note), ink)) }

  func text(_ style: TextStyle) -> String {
    let rows = lines.compactMap { line -> [Cell]? in if case .cells(let cells) = line { cells } else { nil } }
    let widths = header.indices.map { column in
      rows.reduce(DisplayWidth.of(header[column])) { max($0, DisplayWidth.of($1[column].text)) }
    }
    func row(_ cells: [Cell]) -> String {
      var text = ""
      var pending = 0
      for (column, cell) in cells.enumerated() {
        // Spaces are written when something follows them, so that no line ends in any.
        if !cell.text.isEmpty {
          text += String(repeating: " ", count: pending) + style.paint(cell.text, cell.ink)
          pending = 0
        }
        pending += widths[column] - DisplayWidth.of(cell.text) + 2
      }
      return text + "\n"
    }
    var text = row(header.map { Cell($0, .faint) })
    for line in lines {
      switch line {
      case .cells(let cells): text += row(cells)
      case .note(let note, let ink): text += style.paint(note, ink) + "\n"
      }
    }
    return text
  }
}
