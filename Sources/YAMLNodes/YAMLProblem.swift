/// One of libyaml's problems, in words that help the person who made the mistake.
package struct YAMLProblem {
  /// A part of what libyaml says.
  private let sign: String
  package let message: String
  /// What to do about it.
  package let help: String
  /// Whether the place where libyaml's context starts is the place to mend, not the one where it gave up.
  package let isMendedAtStart: Bool

  private init(_ sign: String, _ message: String, help: String, atStart: Bool = false) {
    self.sign = sign
    self.message = message
    self.help = help
    isMendedAtStart = atStart
  }

  /// What is known of a problem that libyaml reports.
  package static func entry(for problem: String) -> YAMLProblem? {
    entries.first { problem.contains($0.sign) }
  }

  private static let entries = [
    YAMLProblem(
      "found character that cannot start any token", "no value can start with this character",
      help: "indent with spaces, not tabs; put a text that starts with @, ` or % in quotes"),
    YAMLProblem(
      "mapping values are not allowed in this context", "a `key: value` is not allowed here",
      help:
        "is this line, or the one above, indented wrongly? is a space missing behind a colon, or a text with `: ` not in quotes?"
    ),
    YAMLProblem(
      "did not find expected key", "a key was expected here",
      help: "check the indentation: all keys of one mapping start in the same column"),
    YAMLProblem(
      "could not find expected ':'", "this key has no `:` behind it",
      help: "write `key: value`, with a space behind the colon", atStart: true),
    YAMLProblem(
      "did not find expected '-' indicator", "a `-` was expected here",
      help: "check the indentation: all elements of one list start in the same column"),
    YAMLProblem(
      "did not find expected ',' or ']'", "this list is not closed", help: "add the missing `,` or `]`"),
    YAMLProblem(
      "did not find expected ',' or '}'", "this mapping is not closed", help: "add the missing `,` or `}`"),
    YAMLProblem(
      "found unexpected end of stream", "this text is never closed", help: "add the closing quote",
      atStart: true),
    YAMLProblem(
      "found unexpected document indicator", "this text is not closed when the document ends",
      help: "add the closing quote", atStart: true),
    YAMLProblem(
      "did not find expected <document start>", "something follows the end of the document",
      help: "start each document with a line `---`, and indent what belongs to this one"),
    YAMLProblem(
      "found unknown escape character", "this escape is not known in a double-quoted text",
      help: "write \\\\ for a backslash, or use single quotes"),
    YAMLProblem(
      "did not find expected hexdecimal number", "hexadecimal digits were expected here",
      help: "write `\\x41`, `\\u00e9` or `\\U0001F642`, or \\\\ for a backslash"),
    YAMLProblem("found a tab character", "a tab is used for indentation", help: "indent with spaces"),
    YAMLProblem(
      "block sequence entries are not allowed in this context", "a list element is not allowed here",
      help: "put the `-` on a line of its own, below its key"),
    YAMLProblem(
      "did not find expected alphabetic or numeric character", "an anchor or alias needs a name",
      help: "put a text that starts with `*` or `&` in quotes", atStart: true),
    YAMLProblem(
      "did not find expected node content", "a value was expected here",
      help: "is there a comma too many, or a text that needs quotes?"),
    YAMLProblem(
      "did not find expected comment or line break", "nothing may follow on this line",
      help: "start the text on the next line, indented"),
    YAMLProblem(
      "found incompatible YAML document", "this version of YAML is not known",
      help: "write `%YAML 1.2`, or leave the line out"),
  ]
}
