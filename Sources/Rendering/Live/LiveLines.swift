/// Lines at the end of a terminal that are redrawn in place, below text that stays.
///
/// Only what was drawn here is ever drawn over: where a terminal lays lines out anew because its size changed,
/// a stale line may stay above, and nothing else is lost. The cursor rests at the start of the row below.
public struct LiveLines: Sendable {
  /// How many rows are drawn.
  private var rows = 0

  /// Nothing is drawn yet.
  public init() {}

  /// What to write so that a text stays, and the lines are below it.
  ///
  /// - Parameters:
  ///   - lines: the lines, without line breaks; what does not fit is cut off.
  ///   - text: what stays above them; it ends with a line break if there are lines.
  public mutating func draw(_ lines: [String], above text: String = "", size: TerminalSize) -> String {
    var output = rows > 0 ? "\r\u{1B}[\(rows)A" : ""
    // Without text, lines are drawn over without being cleared before: they must not flicker.
    if !text.isEmpty { output += (rows > 0 ? "\u{1B}[J" : "") + text }
    let shown = lines.prefix(max(0, size.rows - 1))
    // The last column stays free: a line that fills it leaves some terminals between two rows.
    for line in shown { output += line.clipped(to: size.columns - 1) + "\u{1B}[K\n" }
    if text.isEmpty, shown.count < rows { output += "\u{1B}[J" }
    rows = shown.count
    return output
  }

  /// What to write so that a whole screen shows a text and nothing else; what does not fit is left out, and
  /// counted in the last row.
  public static func page(_ text: String, size: TerminalSize) -> String {
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    if lines.last?.isEmpty == true { lines.removeLast() }
    if lines.count > size.rows, size.rows > 0 {
      let hidden = lines.count - size.rows + 1
      lines = lines.prefix(size.rows - 1) + ["… \(Words.count(hidden, "more line"))"]
    }
    let rows = lines.map { $0.clipped(to: size.columns - 1) + "\u{1B}[K" }
    return "\u{1B}[H" + rows.joined(separator: "\r\n") + "\u{1B}[J"
  }
}

/// How much a terminal shows.
public struct TerminalSize: Sendable, Equatable {
  /// How many characters a row has.
  public var columns: Int
  /// How many rows there are.
  public var rows: Int

  public init(columns: Int, rows: Int) {
    self.columns = columns
    self.rows = rows
  }
}
