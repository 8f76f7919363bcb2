import Diagnostics
import Values
import YAMLNodes

/// The variables that one workload declares, with the values that they have.
struct DeclaredVariables {
  private let list: [Variable]
  /// The list of declarations; the document, where there is none.
  private let node: Node
  /// Where each is declared, by its name.
  private var elements: [String: Node] = [:]
  /// The variables without a value whose declaration is otherwise right.
  private var missing: Set<String> = []
  /// The variables that the defaults refer to.
  private var referred: Set<String> = []
  /// Of a variable without a value, those without one that its default refers to.
  private var gaps: [String: Set<String>] = [:]
  /// What the variables stand for.
  private(set) var interpolation = Interpolation(variables: [:])

  /// Reads the declarations of a document, and finds the values.
  static func read(
    in root: Node, given: inout GivenVariables, by decoder: inout SpecDecoder
  ) -> DeclaredVariables {
    guard let node = root["variables"], !node.isNull else { return DeclaredVariables(list: [], node: root) }
    let outerField = decoder.fieldName
    defer { decoder.fieldName = outerField }
    decoder.fieldName = "variables"
    let list = [Variable].read(node, by: &decoder) ?? []
    var variables = DeclaredVariables(list: list, node: node)
    variables.resolve(in: root, given: &given, reportingTo: &decoder.diagnostics)
    return variables
  }

  private init(list: [Variable], node: Node) {
    self.list = list
    self.node = node
    if !list.isEmpty {
      elements = Dictionary(
        node.elements.map { ($0["name"]?.text ?? "", $0) }, uniquingKeysWith: { first, _ in first })
    }
  }

  /// Reports variables that were used without a value, and those that were not used.
  func reportUse(by interpolation: Interpolation, to diagnostics: inout Diagnostics) {
    var needed = interpolation.used
    var new = needed
    while !new.isEmpty {
      new = Set(new.flatMap { gaps[$0] ?? [] }).subtracting(needed)
      needed.formUnion(new)
    }
    for variable in list where missing.contains(variable.name) && needed.contains(variable.name) {
      reportMissing(variable, to: &diagnostics)
    }
    // Where something could not be read, a use may have gone unseen.
    guard !diagnostics.hasErrors else { return }
    // What the default of another variable refers to is used, also where that one was given another value.
    for variable in list
    where !interpolation.used.contains(variable.name) && !referred.contains(variable.name) {
      diagnostics.report(
        .unusedVariable, "the variable `\(variable.name)` is declared and never used",
        at: place(of: variable, "name"),
        help: "write `${var.\(variable.name)}` where it is meant, or delete it")
    }
  }

  private mutating func resolve(
    in root: Node, given: inout GivenVariables, reportingTo diagnostics: inout Diagnostics
  ) {
    var references: [String: [String]] = [:]
    for variable in list {
      let names = DefaultText.references(in: variable.default ?? "").filter { $0.hasPrefix("var.") }
      if !names.isEmpty { references[variable.name] = names.map { String($0.dropFirst(4)) } }
    }
    referred = Set(references.values.joined())
    let graph = NameGraph(list.map(\.name), references)
    let names = names(in: root, given: &given, reportingTo: &diagnostics)
    interpolation = Interpolation(
      variables: Dictionary(list.map { ($0.name, nil) }, uniquingKeysWith: { first, _ in first }),
      secrets: Set(list.filter { $0.type == .secret }.map(\.name)),
      typed: Set(list.filter { $0.type == .int || $0.type == .bool }.map(\.name)))
    var sound: [String: (variable: Variable, value: GivenVariables.Value?)] = [:]
    for variable in list {
      let value = given.value(of: variable.name)
      if checkDeclaration(of: variable, reportingTo: &diagnostics) {
        sound[variable.name] = (variable, value)
      }
    }
    for cycle in graph.cycles { report(cycle, to: &diagnostics) }
    for (variable, value) in graph.order.compactMap({ sound[$0] }) {
      if let value {
        take(
          value.text, for: variable, value.origin, at: value.location ?? place(of: variable, "name"),
          reportingTo: &diagnostics)
      } else if let text = variable.default {
        let node = node(of: variable, "default")
        let (filled, used) = interpolation.expand(default: text, names, at: node, reportingTo: &diagnostics)
        if let filled {
          take(filled, for: variable, "its default", at: node.location, reportingTo: &diagnostics)
        } else {
          gaps[variable.name] = used
        }
      } else if variable.required {
        reportMissing(variable, to: &diagnostics)
      } else {
        missing.insert(variable.name)
      }
    }
  }

  /// What ``DefaultText/names`` stand for, as far as a default refers to them.
  private func names(
    in root: Node, given: inout GivenVariables, reportingTo diagnostics: inout Diagnostics
  ) -> [String: String] {
    var names: [String: String] = [:]
    for variable in list {
      for name in DefaultText.references(in: variable.default ?? "") where names[name] == nil {
        switch name {
        case "target": names[name] = given.destination(reportingTo: &diagnostics)?.target
        case "namespace": names[name] = given.destination(reportingTo: &diagnostics)?.namespace
        case "workload.name":
          guard let text = root["name"]?.text else { continue }
          if text.contains("${") {
            diagnostics.report(
              .badVariableDeclaration,
              "the default of `\(variable.name)` refers to the workload's name, which refers to variables itself",
              at: place(of: variable, "default"), help: "write the `name` of the workload out")
          } else {
            names[name] = text
          }
        default: continue
        }
      }
    }
    return names
  }

  /// Whether a declaration can work; what can't is reported.
  private func checkDeclaration(of variable: Variable, reportingTo diagnostics: inout Diagnostics) -> Bool {
    let problems = VariableRules.problems(with: variable)
    for problem in problems {
      diagnostics.report(
        .badVariableDeclaration, problem.message, at: place(of: variable, problem.field), help: problem.help)
    }
    return problems.isEmpty
  }

  /// Gives a variable its value, if it can have that; otherwise that is reported.
  private mutating func take(
    _ text: String, for variable: Variable, _ origin: String, at place: SourceLocation?,
    reportingTo diagnostics: inout Diagnostics
  ) {
    guard let help = VariableRules.problem(with: text, for: variable) else {
      return interpolation.set(variable.name, to: text)
    }
    diagnostics.report(
      .badVariableValue, VariableRules.message(on: text, of: variable, origin), at: place, help: help)
  }

  private func report(_ cycle: [String], to diagnostics: inout Diagnostics) {
    let path = (cycle + cycle.prefix(1)).joined(separator: " → ")
    diagnostics.report(
      .variableCycle, "the defaults of variables refer to each other: \(path)",
      at: list.first { $0.name == cycle[0] }.flatMap { place(of: $0, "default") },
      help: "write one of them out")
  }

  private func reportMissing(_ variable: Variable, to diagnostics: inout Diagnostics) {
    diagnostics.report(
      .missingVariable, "the variable `\(variable.name)` has no value", at: place(of: variable, "name"),
      help: "give it one by `--var \(variable.name)=…` or `BERTH_VAR_\(variable.name)`, or state a `default`")
  }

  private func place(of variable: Variable, _ field: String) -> SourceLocation? {
    node(of: variable, field).location
  }

  private func node(of variable: Variable, _ field: String) -> Node {
    let element = elements[variable.name]
    return element?[field] ?? element?["name"] ?? element ?? node
  }
}
