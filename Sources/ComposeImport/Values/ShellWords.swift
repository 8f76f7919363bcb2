/// Splits a command line into words as compose does it: with quotes and backslashes, but without a shell.
///
/// Compose reads no further than an unquoted `;`, `&`, `|`, `<` or `>`.
struct ShellWords {
  /// The words.
  private(set) var words: [ComposeText] = []
  /// The unquoted sign at which compose stops reading.
  private(set) var stop: Character?
  /// Whether a quote is never closed, or a backslash ends the text.
  private(set) var isOpen = false

  /// Splits a text. A variable is part of the word that it stands in.
  init(_ text: ComposeText) {
    var word: [ComposeText.Piece] = []
    var isInWord = false
    var quote: Character?
    var isEscaped = false
    func finish(_ words: inout [ComposeText]) {
      if isInWord { words.append(ComposeText(word)) }
      word = []
      isInWord = false
    }
    for piece in text.pieces {
      guard case .character(let character) = piece, !isEscaped else {
        word.append(piece)
        (isInWord, isEscaped) = (true, false)
        continue
      }
      switch character {
      case "\\" where quote != "'":
        isEscaped = true
        isInWord = true
      case "'", "\"":
        if quote == nil {
          quote = character
          isInWord = true
        } else if quote == character {
          quote = nil
        } else {
          word.append(piece)
        }
      case ";", "&", "|", "<", ">":
        guard quote == nil else {
          word.append(piece)
          continue
        }
        // `2>` loses its number too.
        if character == ">", word.count == 1, case .character(let digit) = word[0], digit.isNumber {
          (word, isInWord) = ([], false)
        }
        stop = character
      case _ where character.isWhitespace && quote == nil: finish(&words)
      default:
        word.append(piece)
        isInWord = true
      }
      if stop != nil { break }
    }
    finish(&words)
    isOpen = quote != nil || isEscaped
  }
}
