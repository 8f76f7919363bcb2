import Planning
import WorkloadSpec

extension FieldTable {
  /// The table as Markdown, ending in a line break.
  ///
  /// - Parameter name: what the provider is called.
  public func markdown(of name: String) -> String {
    let head = [
      "# Fields of the provider \(name)", "",
      "<!-- Made from the provider's rows; a test keeps it current. -->", "",
      "| field | what becomes of it | changing it | how | of a check, afterwards |",
      "| --- | --- | --- | --- | --- |",
    ]
    return (head + rows.map(Self.line)).joined(separator: "\n") + "\n"
  }

  private static func line(_ row: FieldRow) -> String {
    let treatments = [row.treatment, row.ofOwnChecks].compactMap { $0?.words }
    let cells = [
      "`\(row.path)`", treatments.joined(separator: "; of HTTP and TCP checks: "), row.cost?.words ?? "",
      row.words,
      row.afterwards ?? "",
    ]
    return "| " + cells.map { $0.split(separator: "|").joined(separator: "\\|") }.joined(separator: " | ")
      + " |"
  }
}

extension FieldTreatment {
  fileprivate var words: String {
    switch self {
    case .enforced(.engine), .byBerth, .refused: short
    case .enforced(.stamp): "\(short), told by the stamp"
    case .recorded(let reason): "\(short): \(reason)"
    }
  }

  /// In words, without the reasons.
  var short: String {
    switch self {
    case .enforced: "enforced"
    case .byBerth: "done by berth"
    case .recorded: "recorded only"
    case .refused(let code): "refused (\(code.rawValue))"
    }
  }
}

extension Impact {
  fileprivate var words: String {
    switch self {
    case .inPlace: "in place"
    case .restart: "restart"
    case .replace: "replace"
    }
  }
}
