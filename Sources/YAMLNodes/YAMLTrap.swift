/// A text that says more to YAML than its writer meant: where it ends in a syntax error, the cure can be named.
struct YAMLTrap {
  /// The line in which libyaml gave up.
  let line: Substring.UnicodeScalarView
  /// Where in it, counted from 0.
  let column: Int
  /// What follows the place on its line where that begins which was not closed; `nil` if that is not known.
  let opening: Substring.UnicodeScalarView?

  /// A place.
  ///
  /// - Parameters:
  ///   - line: the line in which libyaml gave up.
  ///   - column: where in it, counted from 0.
  ///   - opening: what follows the place on its line where that begins which was not closed.
  init(line: String, column: Int, opening: String? = nil) {
    self.line = line[...].unicodeScalars
    self.column = column
    self.opening = opening.map { $0[...].unicodeScalars }
  }

  /// What to do about a problem of libyaml's, where a trap is the cause; `nil` if none is seen.
  func help(for problem: String) -> String? {
    if problem.contains("expected ',' or") { return bracketInText ?? commentInList }
    if problem.contains("cannot start any token") { return reservedCharacter }
    if problem.contains("mapping values are not allowed") { return colonInText }
    if problem.contains("did not find expected key") { return textAfterTheEnd }
    return nil
  }

  private var here: Substring.UnicodeScalarView { line.dropFirst(column) }
  private var before: Substring.UnicodeScalarView { line.prefix(column) }

  private static func quoted(_ text: some Sequence<Unicode.Scalar>) -> String {
    var view = String.UnicodeScalarView()
    view.append(contentsOf: text)
    let text = String(view).trimmingSpaces
    return text.contains("\"") || text.contains("\\")
      ? "`'\(text.replacing("'", with: "''"))'`" : "`\"\(text)\"`"
  }

  // MARK: Brackets

  /// `[python3, ${root}/app.py]`: within brackets, a `{` begins a mapping wherever it stands.
  private var bracketInText: String? {
    guard let bracket = here.first, bracket == "{" || bracket == "[" else { return nil }
    let start = before.lastIndex { $0 == "," || $0 == "[" || $0 == "{" || $0 == " " }
    let text = start.map { before[before.index(after: $0)...] } ?? before
    guard !text.isEmpty else { return nil }
    return "within brackets, a text with `\(bracket)` stands in quotes: \(Self.quoted(Array(text) + value))"
  }

  /// What a value within brackets is meant to be, from the bracket in it on.
  private var value: [Unicode.Scalar] {
    var depth = 0
    var value: [Unicode.Scalar] = []
    for scalar in here {
      switch scalar {
      case "{", "[": depth += 1
      case "}", "]":
        if depth == 0 { return value }
        depth -= 1
      case ",": if depth == 0 { return value }
      default: break
      }
      value.append(scalar)
    }
    return value
  }

  /// `[a, b #c]`: what closes the list is part of a comment.
  private var commentInList: String? {
    guard let opening, opening.contains("#"), String(opening).contains(" #") else { return nil }
    return "behind a space, `#` begins a comment that hides the rest of the line: put the text in quotes"
  }

  // MARK: Characters

  /// `@name`, `%d`, `` `x` ``.
  private var reservedCharacter: String? {
    guard let first = here.first, ["@", "%", "`"].contains(first) else { return nil }
    return
      "put a text that starts with \(first == "`" ? "a backquote" : "`\(first)`") in quotes: \(Self.quoted(here))"
  }

  /// `key: http: //x`: the second `: ` of a line.
  private var colonInText: String? {
    let text = String(before)
    guard let first = text.firstRange(of: ": ") else { return nil }
    let value = text[first.upperBound...] + String(here)
    return "if this is one text, it stands in quotes: \(Self.quoted(value.unicodeScalars))"
  }

  // MARK: Ends

  /// `'it's'`, `"a" b`, `[a] b`: something follows the end of a value.
  private var textAfterTheEnd: String? {
    guard let end = before.last(where: { $0 != " " }), let next = here.first, next != "#" else { return nil }
    switch end {
    case "'": return "the text ends at the `'` before: within single quotes, a `'` is written twice (`''`)"
    case "\"": return "the text ends at the `\"` before: within double quotes, a `\"` is written `\\\"`"
    case "]", "}": return "the value ends at the `\(end)` before: put the whole text in quotes"
    default: return nil
    }
  }
}

extension String {
  fileprivate var trimmingSpaces: String {
    var text = self[...]
    while text.first == " " { text.removeFirst() }
    while text.last == " " || text.last == "\r" { text.removeLast() }
    return String(text)
  }
}
