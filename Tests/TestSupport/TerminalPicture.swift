/// What a terminal shows, as a picture: an SVG of a program's output with its colours.
///
/// Of the sequences that move or colour it knows "select graphic rendition" (`ESC [ … m`) with the parameters that berth
/// uses; a picture is taken of what is printed line by line.
public struct TerminalPicture {
  /// Text in one colour.
  struct Run: Equatable {
    var text: String
    var colour: String
    var isBold: Bool
  }

  let lines: [[Run]]
  private let title: String

  private static let ink = "#e6edf3"
  private static let faint = "#8b949e"
  private static let colours = ["31": "#ff7b72", "32": "#7ee787", "33": "#e3b341", "34": "#79c0ff"]

  /// Takes a picture.
  ///
  /// - Parameters:
  ///   - output: what the program wrote, from the first line on.
  ///   - title: what the picture shows, for who can't see it.
  public init(of output: String, title: String) {
    self.title = title
    let text = output.replacing("\r\n", with: "\n")
    var (colour, isBold) = (Self.ink, false)
    lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
      var runs: [Run] = []
      for (index, piece) in line.split(separator: "\u{1B}[", omittingEmptySubsequences: false).enumerated() {
        var rest = piece
        if index > 0, let end = piece.firstIndex(of: "m") {
          for parameter in piece[..<end].split(separator: ";") {
            switch parameter {
            case "0": (colour, isBold) = (Self.ink, false)
            case "1": isBold = true
            case "2": colour = Self.faint
            case let other: colour = Self.colours[String(other)] ?? colour
            }
          }
          rest = piece[piece.index(after: end)...]
        }
        if !rest.isEmpty { runs.append(Run(text: String(rest), colour: colour, isBold: isBold)) }
      }
      return runs
    }
  }

  /// The picture.
  public var svg: String {
    let (advance, height, margin) = (8.4, 20.0, 20.0)
    let columns = lines.map { $0.reduce(0) { $0 + $1.text.count } }.max() ?? 0
    let width = Int(2 * margin + advance * Double(columns))
    let tall = Int(2 * margin + height * Double(lines.count))
    var svg = """
      <svg xmlns="http://www.w3.org/2000/svg" width="\(width)" height="\(tall)" viewBox="0 0 \(width) \(tall)" role="img">
      <title>\(Self.escaped(title))</title>
      <rect width="100%" height="100%" rx="8" fill="#0d1117"/>
      <g font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace" font-size="14" xml:space="preserve">

      """
    for (row, runs) in lines.enumerated() where !runs.isEmpty {
      var column = 0
      let y = Int(margin + height * Double(row) + 14)
      svg += "<text y=\"\(y)\">"
      for run in runs {
        let x = Int((margin + advance * Double(column)) * 10)
        let weight = run.isBold ? " font-weight=\"bold\"" : ""
        svg +=
          "<tspan x=\"\(x / 10).\(x % 10)\" fill=\"\(run.colour)\"\(weight)>\(Self.escaped(run.text))</tspan>"
        column += run.text.count
      }
      svg += "</text>\n"
    }
    return svg + "</g>\n</svg>\n"
  }

  private static func escaped(_ text: String) -> String {
    text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
  }
}
