import Diagnostics
import Values
import YAMLNodes

/// The values of variables that were given from outside of the workloads.
struct GivenVariables {
  /// A value with where it came from.
  struct Value {
    let text: String
    /// In words: "given by `--var`".
    let origin: String
    /// Where it stands, if that is in a file.
    let location: SourceLocation?
  }

  private let options: [String: String]
  private var files: [String: Value] = [:]
  private let environment: [String: String]
  private let findDestination: @Sendable () throws(DiagnosticError) -> LoadOptions.Destination
  private var found: Result<LoadOptions.Destination, DiagnosticError>?
  /// The names of the variables that the workloads declare.
  private var declared: Set<String> = []

  /// Takes what the options say, and reads the files that they name.
  init(_ options: LoadOptions, reportingTo diagnostics: inout Diagnostics) {
    self.options = options.variables
    environment = options.environment
    findDestination = options.destination
    var reader = FileReader(allowing: options.allowedFolders)
    for path in options.variableFiles { read(reader.typedSource(at: path), path, reportingTo: &diagnostics) }
    diagnostics.append(contentsOf: reader.diagnostics)
  }

  /// The value that a declared variable is given.
  mutating func value(of name: String) -> Value? {
    declared.insert(name)
    if let text = options[name] { return Value(text: text, origin: "given by `--var`", location: nil) }
    if let value = files[name] { return value }
    return environment["BERTH_VAR_\(name)"].map {
      Value(text: $0, origin: "given by `BERTH_VAR_\(name)`", location: nil)
    }
  }

  /// Where the workloads are for; `nil` if that can't be said, which is reported once.
  mutating func destination(reportingTo diagnostics: inout Diagnostics) -> LoadOptions.Destination? {
    if let found { return try? found.get() }
    do throws(DiagnosticError) {
      let destination = try findDestination()
      found = .success(destination)
      return destination
    } catch {
      found = .failure(error)
      diagnostics.append(contentsOf: error.diagnostics)
      return nil
    }
  }

  /// Reports values of variables that no workload declares. A file may serve several runs, so there it is a
  /// warning; the environment is not blamed at all.
  func reportUnknown(to diagnostics: inout Diagnostics) {
    for name in options.keys.sorted() where !declared.contains(name) {
      report(.unknownVariableGiven, name, "given by `--var`", at: nil, to: &diagnostics)
    }
    for (name, value) in files.sorted(by: { $0.key < $1.key }) where !declared.contains(name) {
      report(.unknownVariableInFile, name, value.origin, at: value.location, to: &diagnostics)
    }
  }

  private func report(
    _ code: DiagnosticCode, _ name: String, _ origin: String, at location: SourceLocation?,
    to diagnostics: inout Diagnostics
  ) {
    diagnostics.report(
      code, "no workload declares the variable `\(name)` that is \(origin)", at: location,
      help: Suggestion.help(for: name, among: declared.sorted()) ?? "declare it under `variables`")
  }

  private mutating func read(
    _ file: SourceFile?, _ path: String, reportingTo diagnostics: inout Diagnostics
  ) {
    guard let file else { return }
    for root in YAMLReader.read(file, into: &diagnostics).documents where !root.isNull {
      var decoder = SpecDecoder()
      decoder.fieldName = path
      for entry in StringMap.read(root, by: &decoder)?.entries ?? [] {
        files[entry.key] = Value(
          text: entry.value, origin: "given by `\(path)`", location: root.key(entry.key)?.location)
      }
      diagnostics.append(contentsOf: decoder.diagnostics)
    }
  }
}
