/// Splits a command line into words as compose does it: with quotes and backslashes, but without a shell.
///
/// Compose reads no further than an unquoted `;`, `&`, `|`, `<` or `>`; it keeps `$(…)` and what is between
/// backticks in one word, and refuses other parentheses.
struct ShellWords {
  private(set) var words: [ComposeText] = []
  /// The unquoted sign at which compose stops reading.
  private(set) var stop: Character?
  /// What compose refuses in the line; `nil` if it reads all of it.
  private(set) var problem: Problem?

  /// Why a line can't be split.
  enum Problem {
    /// A quote, a backtick or a `$(` is never closed, or a backslash ends the text.
    case open
    /// A parenthesis is neither quoted nor part of a `$(…)`.
    case parenthesis
  }

  private var word: [ComposeText.Piece] = []
  private var isInWord = false
  private var isEscaped = false
  private var quote: Character?
  private var isInBackticks = false
  private var isInSubstitution = false

  /// Splits a text. A variable is part of the word that it stands in.
  init(_ text: ComposeText) {
    for piece in text.pieces {
      guard case .character(let character) = piece else {
        add(piece)
        isEscaped = false
        continue
      }
      read(character)
      if stop != nil || problem != nil { break }
    }
    if stop == nil, problem == nil, quote != nil || isEscaped || isInBackticks || isInSubstitution {
      problem = .open
    }
    finishWord()
  }

  private mutating func read(_ character: Character) {
    if isEscaped {
      isEscaped = false
      return add(.character(character))
    }
    switch character {
    case "\\" where quote != "'": isEscaped = true
    case " ", "\t", "\r", "\n":
      if quote == nil, !isInBackticks, !isInSubstitution {
        finishWord()
      } else {
        word.append(.character(character))
      }
    case "'" where quote != "\"" && !isInSubstitution, "\"" where quote != "'" && !isInSubstitution:
      if quote == nil { quote = character } else { (quote, isInWord) = (nil, true) }
    case "`" where quote == nil && !isInSubstitution:
      isInBackticks.toggle()
      add(.character(character))
    case "(" where quote == nil && !isInBackticks:
      guard !isInSubstitution, word.last == .character("$") else { return problem = .parenthesis }
      isInSubstitution = true
      word.append(.character(character))
    case ")" where quote == nil && !isInBackticks:
      guard isInSubstitution else { return problem = .parenthesis }
      isInSubstitution = false
      add(.character(character))
    case ";", "&", "|", "<", ">":
      guard quote == nil, !isInBackticks, !isInSubstitution else { return add(.character(character)) }
      // `2>` loses its number, and all that begins with a digit.
      if character == ">", case .character("0"..."9")? = word.first { (word, isInWord) = ([], false) }
      stop = character
    default: add(.character(character))
    }
  }

  private mutating func add(_ piece: ComposeText.Piece) {
    word.append(piece)
    isInWord = true
  }

  private mutating func finishWord() {
    if isInWord { words.append(ComposeText(word)) }
    (word, isInWord) = ([], false)
  }
}
