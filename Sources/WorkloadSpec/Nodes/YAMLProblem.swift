/// libyaml's problems in words that help the person who made the mistake.
enum YAMLProblem {
  /// What went wrong.
  static func message(for problem: String) -> String {
    entries.first { problem.contains($0.problem) }?.message ?? problem
  }

  /// What to do about it.
  static func help(for problem: String) -> String? {
    entries.first { problem.contains($0.problem) }?.help
  }

  private static let entries: [(problem: String, message: String, help: String)] = [
    (
      "found character that cannot start any token", "no value can start with this character",
      "indent with spaces, not tabs; put a text that starts with @, ` or % in quotes"
    ),
    (
      "mapping values are not allowed in this context", "a `key: value` is not allowed here",
      "is the line above indented wrongly, or is there a `: ` in a text that needs quotes?"
    ),
    (
      "did not find expected key", "a key was expected here",
      "check the indentation: all keys of one mapping start in the same column"
    ),
    (
      "could not find expected ':'", "a `:` was expected after this key",
      "write `key: value`, with a space after the colon"
    ),
    (
      "did not find expected '-' indicator", "a `-` was expected here",
      "check the indentation: all elements of one list start in the same column"
    ),
    (
      "did not find expected ',' or ']'", "this list is not closed", "add the missing `,` or `]`"
    ),
    (
      "did not find expected ',' or '}'", "this mapping is not closed", "add the missing `,` or `}`"
    ),
    (
      "found unexpected end of stream", "the file ends in the middle of this value",
      "is a closing quote missing?"
    ),
    (
      "found unexpected document indicator", "a document ends in the middle of this value",
      "is a closing quote missing?"
    ),
    (
      "did not find expected <document start>", "something follows the end of the document",
      "start each document with a line `---`, and indent what belongs to this one"
    ),
    (
      "found unknown escape character", "this escape is not known in a double-quoted text",
      "write \\\\ for a backslash, or use single quotes"
    ),
    (
      "found a tab character", "a tab is used for indentation", "indent with spaces"
    ),
    (
      "block sequence entries are not allowed in this context", "a list element is not allowed here",
      "put the `-` on a line of its own, below its key"
    ),
  ]
}
