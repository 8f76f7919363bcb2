/// The command that carries out what a `berth plan` showed.
enum ApplyWords {
  /// What `plan` alone takes, each with whether a value follows.
  private static let ofPlanAlone = [
    "--comment": true, "--format": true, "--out": true, "--detailed-exitcode": false, "--check-server": false,
  ]

  /// The words of `berth apply` with the same files and options as those of a `berth plan`.
  ///
  /// - Parameter arguments: those of the program, its own name first.
  static func words(of arguments: [String]) -> [String] {
    var words = ["berth", "apply"]
    var rest = arguments.dropFirst().drop { $0 != "plan" }.dropFirst()
    while let word = rest.popFirst() {
      if let takesValue = ofPlanAlone[word] {
        if takesValue { _ = rest.popFirst() }
        continue
      }
      if let equals = word.firstIndex(of: "="), ofPlanAlone[String(word[..<equals])] == true { continue }
      words.append(word)
    }
    return words
  }
}
