import Diagnostics
import Values
import WorkloadSpec

/// The variables of one spec: found in all of its texts first, so that each has one declaration.
struct VariableTable {
  private var declarations: [String: Variable] = [:]
  /// The names in the order of their first use.
  private var order: [String] = []
  private(set) var diagnostics = Diagnostics()

  /// A text of a spec, with where it was in the compose file.
  struct Place {
    let text: ComposeText
    let location: SourceLocation
    /// Whether a secret may stand in it: in the environment and in the content of config files.
    var takesSecrets = false
  }

  /// Declares the variables of some texts.
  init(_ places: [Place]) {
    var firsts: [String: SourceLocation] = [:]
    var elsewhere: Set<String> = []
    for place in places {
      for use in place.text.variables {
        declare(use)
        if firsts[use.name] == nil { firsts[use.name] = place.location }
        if !place.takesSecrets { elsewhere.insert(use.name) }
      }
    }
    for name in order where declarations[name]?.default == nil {
      guard let location = firsts[name] else { continue }
      complete(name, takesSecrets: !elsewhere.contains(name), at: location)
    }
  }

  /// Says what a variable without a value is.
  private mutating func complete(_ name: String, takesSecrets: Bool, at location: SourceLocation) {
    if VariableUse.looksSecret(name), takesSecrets {
      declarations[name]?.type = .secret
      declarations[name]?.default = "env:\(name)"
      declarations[name]?.required = false
      diagnostics.report(
        .carriedOverDifferently,
        "`\(name)` looks like a secret: the spec takes it from the environment as `env:\(name)`",
        at: location,
        help: "set `\(name)` when you apply the spec, or name another place for the secret")
    } else if VariableUse.looksSecret(name) {
      declarations[name]?.required = true
      diagnostics.report(
        .carriedOverDifferently, "`\(name)` looks like a secret: its value is not copied, and must be given",
        at: location, help: "set `BERTH_VAR_\(name)`; where it stands, a spec can't have a secret")
    } else if declarations[name]?.required == false {
      declarations[name]?.default = ""
      diagnostics.report(
        .variableFilledIn, "the variable `\(name)` has no value: its default is empty, as it is for compose",
        at: location, help: "write a default in the spec, or give it by `--var \(name)=…`")
    }
  }

  private mutating func declare(_ use: VariableUse) {
    guard var variable = declarations[use.name] else {
      var variable = Variable()
      variable.name = use.name
      variable.default = use.value
      variable.required = use.isRequired
      variable.description = use.reason
      declarations[use.name] = variable
      return order.append(use.name)
    }
    if variable.default == nil, let value = use.value {
      (variable.default, variable.required) = (value, false)
    } else if variable.default == nil {
      variable.required = variable.required || use.isRequired
    }
    variable.description = variable.description ?? use.reason
    declarations[use.name] = variable
  }

  /// The declarations as a spec writes them.
  var plain: Value {
    .list(
      order.compactMap { declarations[$0] }.map { variable in
        var members: [Value.Member] = [.init("name", .string(variable.name))]
        if variable.type != .string { members.append(.init("type", .string(variable.type.rawValue))) }
        if let text = variable.default { members.append(.init("default", .string(DefaultText.escape(text)))) }
        if variable.required { members.append(.init("required", true)) }
        if let text = variable.description { members.append(.init("description", .string(text))) }
        return .map(members)
      })
  }

  /// Whether there are no variables.
  var isEmpty: Bool { order.isEmpty }

  /// A text as the spec writes it. A use with a default of its own is filled in, and so is one behind a `$`, which
  /// would take its meaning away.
  mutating func spec(_ text: ComposeText, at location: SourceLocation) -> String {
    var pieces: [ComposeText.Piece] = []
    for piece in text.pieces {
      guard case .variable(let use) = piece else {
        pieces.append(piece)
        continue
      }
      let isOther = use.value != nil && use.value != declarations[use.name]?.default
      guard isOther || pieces.last == .character("$") else {
        pieces.append(piece)
        continue
      }
      pieces += ComposeText(use.value ?? "").pieces
      diagnostics.report(
        .variableFilledIn,
        isOther
          ? "`\(use.name)` has another default elsewhere: it is filled in as `\(use.value ?? "")` here"
          : "a variable can't stand behind a `$`: `\(use.name)` is filled in as `\(use.value ?? "")`",
        at: location, help: "give the variable one default in the whole file")
    }
    return ComposeText(pieces).spec
  }
}
