/// Finds names of hosts, among some that are known, in the texts of a service.
package struct HostNames: Sendable {
  private let known: Set<String>

  /// Looks for these names.
  package init(_ known: Set<String>) { self.known = known }

  /// Those in the value of an environment variable: as in any text, and, where the variable's name says that it holds
  /// hosts, alone or in a list.
  package func inVariable(_ name: String, value: String) -> [String] {
    var names = inText(value)
    if Self.holdsHosts(name) {
      names += value.split { ",; ".contains($0) }.map(String.init).filter { known.contains($0) }
    }
    return names
  }

  /// Those in a command: as in any text, and as the values of options for hosts.
  package func inCommand(_ words: [String]) -> [String] {
    var found: [String] = []
    for (index, word) in words.enumerated() {
      found += inText(word)
      let value = word.split(separator: "=", maxSplits: 1).last.map(String.init) ?? ""
      if known.contains(value), value != word, word.lowercased().contains("host") { found.append(value) }
      if index > 0, Self.options.contains(words[index - 1]), known.contains(word) { found.append(word) }
    }
    return found
  }

  /// Those behind `//` or `@`, or in front of `:` and a digit.
  package func inText(_ text: String) -> [String] {
    var found: [String] = []
    var before: (Character?, Character?) = (nil, nil)
    var rest = text[...]
    while let first = rest.first {
      guard Self.isPart(first) else {
        before = (before.1, first)
        rest.removeFirst()
        continue
      }
      let word = rest.prefix { Self.isPart($0) }
      rest = rest.dropFirst(word.count)
      let isBehindSign = before == ("/", "/") || before.1 == "@"
      let isBeforePort = rest.first == ":" && rest.dropFirst().first?.isNumber == true
      if isBehindSign || isBeforePort, known.contains(String(word)) { found.append(String(word)) }
      before = (nil, word.last)
    }
    return found
  }

  private static let options: Set = ["-h", "-H", "--host", "--hostname", "--server", "--db-host"]

  /// Whether a variable of this name holds hosts.
  private static func holdsHosts(_ variable: String) -> Bool {
    let parts = variable.uppercased().split { !$0.isLetter }
    let words: Set = [
      "HOST", "HOSTS", "HOSTNAME", "ADDR", "ADDRESS", "SERVER", "SERVERS", "URL", "URI", "ENDPOINT",
      "ENDPOINTS",
      "BROKER", "BROKERS", "UPSTREAM", "NODES", "PEERS",
    ]
    return parts.contains { words.contains(String($0)) }
  }

  private static func isPart(_ character: Character) -> Bool {
    character.isLetter || character.isNumber || "-_.".contains(character)
  }
}
