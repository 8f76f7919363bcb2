/// What there is to know of each kind of diagnostic: what `berth explain` tells.
public enum DiagnosticCatalogue {
  /// What there is to know of a code.
  public static func entry(for code: DiagnosticCode) -> DiagnosticEntry {
    guard let entry = entries[code] else {
      preconditionFailure("the code \(code.rawValue) is missing from the catalogue")
    }
    return entry
  }

  private static let entries = [
    yaml, structure, values, rules, variables, planning, policies, applying, importing, vault, clusters,
    kubernetes, forges,
  ]
  .reduce(into: [DiagnosticCode: DiagnosticEntry]()) { all, area in
    all.merge(area) { first, _ in first }
  }
}

/// What there is to know of one kind of diagnostic.
public struct DiagnosticEntry: Sendable {
  /// What is wrong, in a few words without a full stop.
  public let title: String
  /// Why it is wrong, and what to do about it, as a paragraph of Markdown.
  public let explanation: String
  /// An example of it: a spec, or a command or situation in words.
  public let wrong: String
  /// The same, put right.
  public let right: String
}

extension DiagnosticCode {
  /// What is wrong, in a few words without a full stop.
  public var title: String { DiagnosticCatalogue.entry(for: self).title }
}
