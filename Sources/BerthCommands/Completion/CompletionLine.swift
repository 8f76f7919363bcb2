import WorkloadSpec

/// A command line that is being written, as a shell hands it over to have a word of it completed.
struct CompletionLine: Sendable {
  /// The words behind the program's name, without the one that is completed.
  private let words: [String]

  /// A command line.
  ///
  /// - Parameters:
  ///   - words: every word as it is written, the program's name first.
  ///   - index: the place of the word that is completed.
  init(_ words: [String], completing index: Int) {
    var kept: [String] = []
    for (place, word) in words.enumerated() where place > 0 && place != index {
      // bash parts `--target=prod` at the sign.
      guard word != "=" else { continue }
      if word.hasPrefix("--"), let equals = word.firstIndex(of: "=") {
        kept += [String(word[..<equals]), Self.plain(word[word.index(after: equals)...])]
      } else {
        kept.append(Self.plain(word[...]))
      }
    }
    self.words = kept
  }

  /// The values that an option is given.
  ///
  /// - Parameter names: how it is written: `-t`, `--target`.
  func values(of names: String...) -> [String] {
    zip(words, words.dropFirst()).filter { names.contains($0.0) }.map(\.1)
  }

  /// The words that may name a workload, in order: neither the command nor an option, nor where it is looked for.
  var possibleWorkloads: [String] {
    var found: [String] = []
    for (before, word) in zip(words, words.dropFirst())
    where !Self.ofPlaces.contains(before) && DNSLabel.isValid(word) && !found.contains(word) {
      found.append(word)
    }
    return found
  }

  /// The options that say where a workload is looked for.
  private static let ofPlaces = ["-t", "--target", "-n", "--namespace", "--config"]

  /// A word without the marks by which shells quote.
  private static func plain(_ word: Substring) -> String {
    String(word.filter { !#"'"\"#.contains($0) })
  }
}
