import WorkloadSpec

/// A line of a source file as it is shown, and where in it a span of the source lies.
///
/// The source counts Unicode scalars; a terminal shows characters that take no, one or two columns. Tabs
/// become spaces, and what is not safe to show becomes an escape, so both counts drift apart along the line.
struct SourceExcerpt {
  /// The line, fit for a terminal.
  let text: String
  /// How many columns stand before the span.
  let indent: Int
  /// How many columns the span takes, at least one.
  let width: Int

  private struct Piece {
    let text: String
    let width: Int
    let range: Range<Int>
  }

  /// Shows a line.
  ///
  /// - Parameters:
  ///   - column: where the span starts, counted from 1 in Unicode scalars; the end of the line if beyond it.
  ///   - length: how many Unicode scalars it has.
  ///   - limit: how many columns there are; a longer line is shown around the span. 0 means any number.
  init(line: String, column: Int, length: Int, limit: Int) {
    let pieces = Self.pieces(of: line)
    let start = max(0, column - 1)
    let span = start..<start + max(1, length)
    let before = pieces.prefix { $0.range.upperBound <= span.lowerBound }
    let inside = pieces[before.count...].prefix { $0.range.lowerBound < span.upperBound }
    let indent = before.reduce(0) { $0 + $1.width }
    let width = inside.reduce(0) { $0 + $1.width }
    let total = pieces.reduce(0) { $0 + $1.width }
    guard limit > 0, total > limit else {
      text = pieces.map(\.text).joined()
      self.indent = indent
      self.width = max(1, width)
      return
    }

    // The window begins a quarter of itself before the span, and one column at each cut is the ellipsis's.
    var hidden = 0
    var first = 0
    while hidden < min(indent - limit / 4, total - limit + 1), first < pieces.count {
      hidden += pieces[first].width
      first += 1
    }
    let head = hidden > 0 ? "…" : ""
    var shown = head
    var columns = head.count
    var last = first
    let room = columns + total - hidden <= limit ? limit : limit - 1
    while last < pieces.count, columns + pieces[last].width <= room {
      shown += pieces[last].text
      columns += pieces[last].width
      last += 1
    }
    text = last < pieces.count ? shown + "…" : shown
    self.indent = indent - hidden + head.count
    self.width = max(1, min(width, columns - self.indent))
  }

  /// The characters of a line, each as it is shown and with the scalars that it is made of.
  private static func pieces(of line: String) -> [Piece] {
    var pieces: [Piece] = []
    var scalars = 0
    var columns = 0
    for character in line {
      let count = character.unicodeScalars.count
      let text =
        character == "\t"
        ? String(repeating: " ", count: 4 - columns % 4) : SafeText.line(String(character))
      let width = DisplayWidth.of(text)
      pieces.append(Piece(text: text, width: width, range: scalars..<scalars + count))
      scalars += count
      columns += width
    }
    return pieces
  }
}
