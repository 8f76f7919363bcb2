/// What servers warn of when a job is registered.
enum ServerWarnings {
  /// The warnings of an answer, each in one line.
  ///
  /// That no more instances can change at a time than there are is left out: the group of berth's marks never has one, and one that
  /// is stopped has none for now.
  static func all(in text: String) -> [String] {
    text.split(whereSeparator: \.isNewline).compactMap { line in
      let line = line.drop { $0 == " " || $0 == "\t" }
      guard line.hasPrefix("* ") else { return nil }
      let warning = String(line.dropFirst(2))
      let isHeading = warning.hasSuffix("error occurred:") || warning.hasSuffix("errors occurred:")
      return isHeading || warning.hasPrefix("Update max parallel count is greater") ? nil : warning
    }
  }
}
