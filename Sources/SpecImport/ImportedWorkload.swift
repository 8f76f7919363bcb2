import Diagnostics
import WorkloadSpec
import YAMLNodes

/// A spec that was made of a part of some files.
package struct ImportedWorkload: Sendable {
  package let name: String
  /// The spec: one YAML document, with comments in front.
  package private(set) var text: String
  /// The workload as a later command reads it, where variables that must be given have a value that fits anywhere.
  package internal(set) var workload: Workload?

  /// A spec.
  ///
  /// - Parameters:
  ///   - document: the YAML document.
  ///   - source: the file that it was made of.
  ///   - command: the command that makes it: `berth import compose`.
  ///   - notes: what was reported of the workload; of this, what is lost or changed stands in the comment in front.
  package init(
    name: String, document: String, madeFrom source: String, by command: String,
    notes: some Sequence<Diagnostic>
  ) {
    self.name = name
    text = SpecComment.text(madeFrom: source, by: command, notes: notes) + document
  }

  /// Adds a line to the comment in front.
  package mutating func addComment(_ line: String) {
    let first = text.firstIndex(of: "\n").map { text.index(after: $0) } ?? text.startIndex
    text.insert(contentsOf: "# \(SpecComment.line(line))\n", at: first)
  }
}

extension [ImportedWorkload] {
  /// Reads the specs as a later command does, from the working folder, and reports what is wrong with them. Required
  /// variables are given a value that fits anywhere.
  ///
  /// - Parameters:
  ///   - texts: the specs by name as they would be if they lay in the working folder, where that differs.
  ///   - allowedFolders: the folders that files may lie in which the specs name.
  ///   - engines: what engines declare for `on`; if there is none, nothing is said about that.
  package mutating func readBack(
    as texts: [String: String] = [:], allowedFolders: [String] = [], engines: [EngineFields],
    _ diagnostics: inout Diagnostics
  ) {
    let files = map { SourceFile(name: "\($0.name).yaml", text: texts[$0.name] ?? $0.text) }
    var load = LoadOptions(allowedFolders: allowedFolders, engines: engines)
    for file in files {
      var ignored = Diagnostics()
      for root in YAMLReader.read(file, into: &ignored).documents {
        for variable in root["variables"]?.elements ?? [] where variable["required"] != nil {
          load.variables[variable["name"]?.text ?? ""] = "1"
        }
      }
    }
    let result = WorkloadLoader.load(layers: [files], options: load)
    for problem in result.diagnostics where problem.severity == .error {
      if engines.isEmpty, problem.code == .unknownProvider { continue }
      diagnostics.append(
        Diagnostic(
          .importResult, "the spec would not be valid: \(problem.message)", at: problem.location,
          help: problem.help, related: problem.related))
    }
    let read = Dictionary(result.workloads.map { ($0.workload.name, $0.workload) }) { first, _ in first }
    for index in indices { self[index].workload = read[self[index].name] }
  }
}
