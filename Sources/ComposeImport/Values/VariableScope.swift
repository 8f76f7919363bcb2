/// Where the values of variables come from while one file is read.
struct VariableScope: Sendable {
  /// What environment files say.
  var files: [String: String] = [:]
  /// The environment of the process; it counts only where variables are filled in.
  var environment: [String: String] = [:]
  /// Whether variables are filled in, as compose does it, instead of becoming variables of the spec.
  var fillsIn = false
  /// Names that compose itself gives a value, which are filled in always.
  var constants: [String: String] = [:]

  /// The value that a variable has now.
  func value(of name: String) -> String? { (fillsIn ? environment[name] : nil) ?? files[name] }
}
