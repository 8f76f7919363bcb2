import TOMLKit

/// Whether a text is TOML 1.0.
enum TOMLSyntax {
  /// The place where it stops being TOML.
  static func problem(in text: String) -> SyntaxProblem? {
    do {
      _ = try TOMLTable(string: text)
      return nil
    } catch let error as TOMLParseError {
      let place = error.source.begin
      // "Error while parsing array: a value was expected" says no more than what follows the colon.
      let words = error.description.split(separator: ": ", maxSplits: 1)
      return SyntaxProblem(
        line: Int(place.line), column: Int(place.column), message: String(words.last ?? "it can't be read"))
    } catch {
      return SyntaxProblem(line: 1, column: 1, message: "it can't be read")
    }
  }
}
