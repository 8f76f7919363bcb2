/// How text is to look where it is shown.
public struct TextStyle: Sendable, Equatable {
  /// Whether the place shows colours.
  public let colour: Bool
  /// How many columns a line has; longer values are then laid out on lines of their own. 0 means any number.
  public let width: Int

  public init(colour: Bool = false, width: Int = 0) {
    self.colour = colour
    self.width = width
  }

  /// The text in a colour, if there are colours.
  func paint(_ text: String, _ ink: Ink?) -> String {
    guard colour, let ink, !text.isEmpty else { return text }
    return "\u{1B}[\(ink.rawValue)m\(text)\u{1B}[0m"
  }
}

/// What a colour means, with the parameters of the terminal's "select graphic rendition" sequence.
enum Ink: String, CaseIterable {
  /// What comes.
  case added = "32"
  /// What goes, and what failed.
  case removed = "31"
  /// What becomes something else.
  case changed = "33"
  /// What is good.
  case good = "1;32"
  /// What is wrong.
  case error = "1;31"
  /// What may be wrong.
  case warning = "1;33"
  /// What points somewhere.
  case guide = "1;34"
  /// What is read first.
  case strong = "1"
  /// What is read last.
  case faint = "2"
}
