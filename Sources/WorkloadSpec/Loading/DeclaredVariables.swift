/// The variables that one workload declares, with the values that they have.
struct DeclaredVariables {
  private let list: [Variable]
  private let node: Node?
  /// The variables without a value whose declaration is otherwise right.
  private var missing: Set<String> = []
  /// What the variables stand for.
  private(set) var interpolation = Interpolation(variables: [:])

  /// Reads the declarations of a document, and finds the values.
  static func read(
    in root: Node, given: inout GivenVariables, by decoder: inout SpecDecoder
  ) -> DeclaredVariables {
    guard let node = root["variables"], !node.isNull else { return DeclaredVariables(list: [], node: nil) }
    let outerField = decoder.fieldName
    defer { decoder.fieldName = outerField }
    decoder.fieldName = "variables"
    let list = [Variable].read(node, by: &decoder) ?? []
    var variables = DeclaredVariables(list: list, node: node)
    variables.resolve(given: &given, reportingTo: &decoder.diagnostics)
    return variables
  }

  private init(list: [Variable], node: Node?) {
    self.list = list
    self.node = node
  }

  /// Reports variables that were used without a value, and those that were not used.
  func reportUse(by interpolation: Interpolation, to diagnostics: inout Diagnostics) {
    for variable in list where missing.contains(variable.name) && interpolation.used.contains(variable.name) {
      reportMissing(variable, to: &diagnostics)
    }
    // Where something could not be read, a use may have gone unseen.
    guard !diagnostics.hasErrors else { return }
    for variable in list where !interpolation.used.contains(variable.name) {
      diagnostics.report(
        .unusedVariable, "the variable `\(variable.name)` is declared and never used",
        at: place(of: variable, "name"),
        help: "write `${var.\(variable.name)}` where it is meant, or delete it")
    }
  }

  private mutating func resolve(given: inout GivenVariables, reportingTo diagnostics: inout Diagnostics) {
    var values: [String: String?] = [:]
    var secrets: Set<String> = []
    for variable in list {
      values[variable.name] = .some(nil)
      let value = given.value(of: variable.name)
      if variable.type == .secret { secrets.insert(variable.name) }
      let problems = VariableRules.problems(with: variable)
      for problem in problems {
        diagnostics.report(
          problem.code, problem.message, at: place(of: variable, problem.field), help: problem.help)
      }
      guard problems.isEmpty else { continue }
      if let value {
        if let help = VariableRules.problem(with: value.text, for: variable) {
          diagnostics.report(
            .badVariableValue, VariableRules.message(on: value.text, of: variable, value.origin),
            at: value.location ?? place(of: variable, "name"), help: help)
        } else {
          values[variable.name] = value.text
        }
      } else if let text = variable.default {
        values[variable.name] = text
      } else if variable.required {
        reportMissing(variable, to: &diagnostics)
      } else {
        missing.insert(variable.name)
      }
    }
    let typed = list.filter { $0.type == .int || $0.type == .bool }.map(\.name)
    interpolation = Interpolation(variables: values, secrets: secrets, typed: Set(typed))
  }

  private func reportMissing(_ variable: Variable, to diagnostics: inout Diagnostics) {
    diagnostics.report(
      .missingVariable, "the variable `\(variable.name)` has no value", at: place(of: variable, "name"),
      help: "give it one by `--var \(variable.name)=…` or `BERTH_VAR_\(variable.name)`, or state a `default`")
  }

  private func place(of variable: Variable, _ field: String) -> SourceLocation? {
    let element = node?.elements.first { $0["name"]?.text == variable.name }
    return (element?[field] ?? element?["name"] ?? element ?? node)?.location
  }
}
