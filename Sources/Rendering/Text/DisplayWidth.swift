/// How many columns of a terminal text takes.
enum DisplayWidth {
  /// The columns of a text that has no line breaks, tabs or escape sequences.
  static func of(_ text: some StringProtocol) -> Int {
    if text.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F }) { return text.utf8.count }
    return text.reduce(0) { $0 + of($1) }
  }

  /// The columns of a character: two for wide ones, none for a mark that stands alone.
  static func of(_ character: Character) -> Int {
    var width = 0
    for scalar in character.unicodeScalars {
      // The selector asks for the picture of a character that has one.
      if scalar.value == 0xFE0F, width == 1 { return 2 }
      width = max(width, of(scalar))
    }
    return width
  }

  private static func of(_ scalar: Unicode.Scalar) -> Int {
    if scalar.value < 0x300 { return 1 }
    switch scalar.properties.generalCategory {
    case .nonspacingMark, .enclosingMark, .format: return 0
    default: break
    }
    // The vowels and final consonants of a Korean syllable join the consonant before them.
    if (0x1160...0x11FF).contains(scalar.value) { return 0 }
    return isWide(scalar) ? 2 : 1
  }

  /// The ranges of East Asian Width W and F (Unicode 15), with what lies unassigned between them.
  private static func isWide(_ scalar: Unicode.Scalar) -> Bool {
    if scalar.properties.isEmojiPresentation { return true }
    switch scalar.value {
    case 0x1100...0x115F, 0x2329...0x232A, 0x2E80...0x303E, 0x3041...0x33FF, 0x3400...0x4DBF, 0x4E00...0xA4CF,
      0xA960...0xA97C, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE10...0xFE19, 0xFE30...0xFE6F, 0xFF00...0xFF60,
      0xFFE0...0xFFE6, 0x16FE0...0x18CFF, 0x1AFF0...0x1B2FF, 0x1F200...0x1F265, 0x20000...0x3FFFD:
      return true
    default: return false
    }
  }
}

extension String {
  /// The text with spaces behind it, so that it takes a number of columns.
  func padded(to width: Int) -> String {
    self + String(repeating: " ", count: Swift.max(0, width - DisplayWidth.of(self)))
  }

  /// As much of the beginning as fits, with an ellipsis if that is not all.
  func cut(to width: Int) -> String {
    guard width > 0, DisplayWidth.of(self) > width else { return self }
    var (kept, taken) = ("", 0)
    for character in self {
      let columns = DisplayWidth.of(character)
      if taken + columns > width - 1 { break }
      kept.append(character)
      taken += columns
    }
    return kept + "…"
  }

  /// As much of the beginning as fits, with an ellipsis if that is not all. Colours take no columns, and end
  /// where the text is cut.
  func clipped(to width: Int) -> String {
    guard width > 0 else { return "" }
    var (kept, taken) = ("", 0)
    var (end, isSequence, hasColour) = ("", false, false)
    for character in self {
      if character == "\u{1B}" { (isSequence, hasColour) = (true, true) }
      let columns = isSequence ? 0 : DisplayWidth.of(character)
      if taken + columns > width { return end + "…" + (hasColour ? "\u{1B}[0m" : "") }
      kept.append(character)
      taken += columns
      if isSequence, character == "m" { isSequence = false }
      // Where an ellipsis would still fit.
      if taken < width { end = kept }
    }
    return kept
  }
}
