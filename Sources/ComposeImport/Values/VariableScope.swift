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
  /// What the lines above, and the files before, say while environment files are read; it counts last.
  var lines: [String: String] = [:]

  /// The value that a variable has now.
  func value(of name: String) -> String? { outerValue(of: name) ?? lines[name] }

  /// The value that a variable has outside of the environment file that is read.
  func outerValue(of name: String) -> String? {
    constants[name] ?? (fillsIn ? environment[name] : nil) ?? files[name]
  }
}
