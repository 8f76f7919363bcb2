import Diagnostics

/// The content of a config file is what its format says.
enum ConfigContentRule {
  static func check(_ service: Service, _ places: SpecPlaces, _ diagnostics: inout Diagnostics) {
    for file in service.configFiles where !file.content.isEmpty {
      // A digit stands for a secret: it can be a value of its own as well as a part of a text.
      let content =
        SecretText.mayHoldSecrets(file.content)
        ? SecretText(file.content).replacingSecrets(with: "0") : file.content
      let problem =
        switch file.format {
        case .yaml: YAMLSyntax.problem(in: content)
        case .json: JSONSyntax.problem(in: content)
        case .env: EnvironmentSyntax.problem(in: content)
        case .toml: TOMLSyntax.problem(in: content)
        case .ini: INISyntax.problem(in: content)
        case .text: nil as SyntaxProblem?
        }
      guard let problem else { continue }
      diagnostics.report(
        .badConfigContent,
        "the content of `\(file.name)` is not \(name(of: file.format)): in its line \(problem.line), column "
          + "\(problem.column), \(problem.message)",
        at: places.place(of: file, in: "configFiles", of: service, "content"),
        help: problem.help ?? "mend the content, or write `format: text` if it is meant as it is")
    }
  }

  private static func name(of format: ConfigFormat) -> String {
    switch format {
    case .yaml: "YAML"
    case .json: "JSON"
    case .env: "a list of `NAME=value` lines"
    case .toml: "TOML"
    case .ini: "INI"
    case .text: "text"
    }
  }
}

/// Where a text stops being what it should be.
struct SyntaxProblem: Equatable {
  /// Counted from 1.
  let line: Int
  /// Counted from 1, in Unicode scalars.
  let column: Int
  /// What is wrong there, as the end of a sentence.
  let message: String
  var help: String?
}
