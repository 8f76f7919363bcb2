/// A terminal as far as live lines use one: what it shows, and what scrolled out at its top.
struct TerminalModel {
  /// Whether lines that no longer fit are laid out anew when the size changes, as many terminals do.
  let reflows: Bool
  private(set) var columns: Int
  private let rows: Int
  /// Everything from the first row that ever was, those that scrolled out too.
  private var lines: [[Character]] = [[]]
  /// The first row that is on the screen: what scrolled out does not come back.
  private var top = 0
  private var row = 0
  private var column = 0

  init(columns: Int, rows: Int, reflows: Bool = false) {
    self.columns = columns
    self.rows = rows
    self.reflows = reflows
  }

  /// What was ever shown and was not drawn over, without spaces at the ends of lines.
  var text: [String] {
    lines.map { line in
      var line = line
      while line.last == " " { line.removeLast() }
      return String(line)
    }
  }

  mutating func write(_ output: String) {
    var rest = output[...]
    while let character = rest.popFirst() {
      switch character {
      case "\r\n":
        column = 0
        newLine()
      case "\r": column = 0
      case "\n":
        // The terminal driver puts the carriage return before it.
        column = 0
        newLine()
      case "\u{1B}": control(&rest)
      default: put(character)
      }
    }
  }

  mutating func resize(columns new: Int) {
    defer { columns = new }
    guard reflows else { return }
    var laid: [[Character]] = []
    var newRow = 0
    for (index, line) in lines.enumerated() {
      if index == row { newRow = laid.count + column / new }
      var line = line[...]
      repeat {
        laid.append(Array(line.prefix(new)))
        line = line.dropFirst(new)
      } while !line.isEmpty
    }
    (lines, row, column, top) = (laid, newRow, column % new, max(0, laid.count - rows))
  }

  private mutating func put(_ character: Character) {
    if column >= columns {
      column = 0
      newLine()
    }
    while lines[row].count <= column { lines[row].append(" ") }
    lines[row][column] = character
    column += 1
  }

  private mutating func newLine() {
    row += 1
    if row == lines.count { lines.append([]) }
    top = max(top, row - rows + 1)
  }

  private mutating func control(_ rest: inout Substring) {
    guard rest.popFirst() == "[" else { return }
    var number = ""
    while let character = rest.popFirst() {
      if character.isNumber || character == ";" || character == "?" {
        number.append(character)
        continue
      }
      switch character {
      case "A": row = max(top, row - (Int(number) ?? 1))
      case "K": lines[row] = Array(lines[row].prefix(column))
      case "J":
        lines[row] = Array(lines[row].prefix(column))
        lines.removeSubrange((row + 1)...)
      case "H": (row, column) = (top, 0)
      default: break
      }
      return
    }
  }
}
