import Diagnostics

/// What came of an import.
package struct ImportResult: Sendable {
  /// The specs, ordered by name; none if there is an error.
  package var workloads: [ImportedWorkload]
  /// What went wrong, and what is not in the specs as it was in the file.
  package var diagnostics: Diagnostics

  /// All specs as one text of several documents.
  package var text: String { workloads.map(\.text).joined(separator: "---\n") }

  /// What came of it: each diagnostic once, in the order of the files, and no specs if one of them is an error.
  ///
  /// - Parameter isStrict: whether it is an error if anything is lost or changed.
  package init(_ workloads: [ImportedWorkload], _ diagnostics: Diagnostics, isStrict: Bool = false) {
    self.diagnostics = Self.distinct(diagnostics)
    if isStrict { Self.reportLoss(&self.diagnostics) }
    self.workloads = self.diagnostics.hasErrors ? [] : workloads.sorted { $0.name < $1.name }
  }

  /// Each diagnostic once: what several parts of a file have from one place is said once.
  private static func distinct(_ diagnostics: Diagnostics) -> Diagnostics {
    struct Key: Hashable {
      let code: DiagnosticCode
      let message: String
      let place: String
    }
    var seen: Set<Key> = []
    return diagnostics.sortedByPlace().filtered { item in
      let place = item.location.map { "\($0.file.name):\($0.line):\($0.column)" } ?? ""
      return seen.insert(Key(code: item.code, message: item.message, place: place)).inserted
    }
  }

  private static func reportLoss(_ diagnostics: inout Diagnostics) {
    let count = diagnostics.count(where: \.isLoss)
    guard count > 0 else { return }
    diagnostics.report(
      .importLoss,
      "\(count == 1 ? "one thing is" : "\(count) things are") lost or changed, and `--strict` allows none",
      help: "take what is reported out of the files, or leave out `--strict`")
  }
}

extension Diagnostic {
  /// Whether it tells of something that is not in a spec, or not as it was in the file.
  var isLoss: Bool {
    switch code {
    case .notCarriedOver, .carriedOverDifferently, .importUnknownKey: true
    default: false
    }
  }
}
