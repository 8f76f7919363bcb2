/// Finds where texts name some known services as hosts.
///
/// What looks like a name and is one beyond doubt is *sure*, and can be rewritten: `redis://cache:6379`, `db:5432`, or `db`
/// alone where a variable's name says that it holds a host. What may be one is found, too, but is not sure.
struct HostFinder: Sendable {
  /// The names to look for.
  let known: Set<String>
  /// Whether the service of a name lists a port.
  let lists: @Sendable (_ name: String, _ port: Int) -> Bool

  /// Looks for these names.
  init(
    _ known: Set<String>, lists: @escaping @Sendable (_ name: String, _ port: Int) -> Bool = { _, _ in false }
  ) {
    self.known = known
    self.lists = lists
  }

  /// How a text of another kind is read.
  private struct Reading {
    /// Whether any number behind a name is a port: where a variable says that it holds hosts.
    var takesAnyPort = false
    /// Names that, without a port, mean something that the text itself declares.
    var shadowed: Set<String> = []
  }

  // MARK: Kinds of texts

  /// Those in the value of an environment variable.
  func inVariable(_ name: String, value: String) -> [HostMention] {
    let text = Self.characters(value)
    let variable = HostVariable(name)
    var found = inText(text, Reading(takesAnyPort: variable == .host))
    for element in Self.elements(of: text, at: Self.listSigns) {
      let word = String(text[element])
      guard variable != .never, known.contains(word) else { continue }
      let certainty: Certainty = variable == .host ? .sure : variable == .other ? .possible : .likely
      found.append(HostMention(name: word, range: element, certainty: certainty))
    }
    switch variable {
    case .host, .likely, .other: break
    case .never: found.removeAll { !$0.hasScheme }
    case .own: for index in found.indices { found[index].certainty = min(.likely, found[index].certainty) }
    }
    return found
  }

  /// Those in the words of a command, each with the index of its word.
  func inCommand(_ words: [String]) -> [(word: Int, mention: HostMention)] {
    var found: [(Int, HostMention)] = []
    var line = CommandLineHosts()
    for (index, word) in words.enumerated() {
      let text = Self.characters(word)
      found += inText(text, Reading()).map { (index, $0) }
      for token in Self.elements(of: text, at: Self.tokenSigns) {
        if let (range, certainty) = line.host(in: token, of: text, known) {
          found.append((index, HostMention(name: String(text[range]), range: range, certainty: certainty)))
        }
      }
    }
    return found
  }

  /// Those in the content of a config file.
  func inContent(_ content: String) -> [HostMention] {
    let text = Self.characters(content)
    var reading = Reading()
    // nginx: `upstream web { server web:8000; }` makes `http://web` mean that.
    if content.contains("upstream") {
      let tokens = Self.elements(of: text, at: Self.tokenSigns)
      for (token, next) in zip(tokens, tokens.dropFirst()) where String(text[token]) == "upstream" {
        reading.shadowed.insert(String(text[next]))
      }
    }
    return inText(text, reading) + inSettings(text)
  }

  /// Values of settings whose names say that they hold a host: `host: db`. A file may mean anything by that, so that none
  /// is sure.
  private func inSettings(_ text: [Character]) -> [HostMention] {
    var found: [HostMention] = []
    for line in Self.elements(of: text, at: ["\n", "\r", ",", "{", "}", ";"]) {
      guard let sign = text[line].firstIndex(where: { $0 == ":" || $0 == "=" }) else { continue }
      let key = text[line.lowerBound..<sign].filter { !Self.blanks.contains($0) }
      let value = Self.trimmed(sign + 1..<line.upperBound, of: text)
      let name = String(text[value])
      guard known.contains(name), HostVariable(String(key)) == .host else { continue }
      found.append(HostMention(name: name, range: value, certainty: .possible))
    }
    return found
  }

  // MARK: Any text

  private func inText(_ text: [Character], _ reading: Reading) -> [HostMention] {
    var found: [HostMention] = []
    var index = 0
    while index < text.count {
      guard Self.isPart(text[index]) else {
        index += 1
        continue
      }
      let start = index
      while index < text.count, Self.isPart(text[index]) { index += 1 }
      guard index - start <= Self.longestName else { continue }
      let name = String(text[start..<index])
      if known.contains(name), let mention = mention(of: name, start..<index, in: text, reading) {
        found.append(mention)
      }
    }
    return found
  }

  private func mention(
    of name: String, _ range: Range<Int>, in text: [Character], _ reading: Reading
  ) -> HostMention? {
    var mention = HostMention(name: name, range: range, port: Self.port(behind: range.upperBound, in: text))
    switch Authority(before: range.lowerBound, in: text) {
    case .foreign: return nil
    case .list where mention.port == nil: return nil
    case .host, .list:
      mention.hasScheme = true
      if mention.port?.isFollowed == true { return nil }
      if mention.port == nil {
        // A variable without a value may be the port.
        let isColon = Self.character(range.upperBound, of: text) == ":"
        guard Self.ends(text, range.upperBound + (isColon ? 1 : 0)), !reading.shadowed.contains(name) else {
          return nil
        }
      }
      return mention
    case .none: return bare(mention, in: text, reading)
    }
  }

  /// A name without a scheme in front of it.
  private func bare(_ mention: HostMention, in text: [Character], _ reading: Reading) -> HostMention? {
    var mention = mention
    let (start, end) = (mention.range.lowerBound, mention.range.upperBound)
    if let port = mention.port?.number {
      guard start == 0 || Self.starters.contains(text[start - 1]) || text[start - 1] == ":",
        // A shell takes a part of a variable so.
        start < 2 || text[start - 2..<start] != ["$", "{"]
      else { return nil }
      // A version of an image or the number of a group may stand behind a colon as well.
      let isPort =
        reading.takesAnyPort || port >= 1000 || Self.usualPorts.contains(port) || lists(mention.name, port)
      if !isPort || (start > 0 && text[start - 1] == ":") { mention.certainty = .likely }
      return mention
    }
    if start >= 9, text[start - 9..<start].elementsEqual("/dev/tcp/"), Self.character(end, of: text) == "/" {
      return mention
    }
    let isBehindSign =
      start > 0 && text[start - 1] == "@" || start > 1 && text[start - 2..<start].elementsEqual("//")
    guard isBehindSign, Self.ends(text, end) else { return nil }
    mention.certainty = .likely
    return mention
  }

  /// The port behind a name, if what follows is one and nothing else.
  private static func port(behind end: Int, in text: [Character]) -> HostPortMention? {
    guard character(end, of: text) == ":" else { return nil }
    var index = end + 1
    while index < text.count, index - end <= 6, text[index].isASCII, text[index].isNumber { index += 1 }
    let digits = String(text[(end + 1)..<index])
    guard let number = Int(digits), String(number) == digits, (1...65535).contains(number) else { return nil }
    if ends(text, index) { return HostPortMention(number: number, end: index) }
    guard text[index] == ":", character(index + 1, of: text)?.isNumber == true else { return nil }
    return HostPortMention(number: number, end: index, isFollowed: true)
  }

  /// What is in front of a name.
  private enum Authority {
    /// It is the host of a URL.
    case host
    /// It is a further one of a URL: `mongodb://a:1,b:2`.
    case list
    /// It is in a URL that has no host.
    case foreign
    /// Neither.
    case none

    init(before start: Int, in text: [Character]) {
      self = .none
      var index = start - 1
      while index > 1, start - index < 512 {
        let character = text[index]
        if character.isWhitespace || "\"'`<>|".contains(character) { return }
        if character == "/" {
          guard text[index - 1] == "/", text[index - 2] == ":" else { return }
          let scheme = String(
            text[..<(index - 2)].reversed().prefix {
              $0.isASCII && ($0.isLetter || $0.isNumber || "+-.".contains($0))
            }
            .reversed()
          ).lowercased()
          guard scheme.first?.isLetter == true else { return }
          let last = index + 1 < start ? text[start - 1] : nil
          if Self.hostless.contains(scheme) {
            self = .foreign
          } else if last == nil || last == "@" {
            self = .host
          } else if last == "," {
            self = .list
          }
          return
        }
        index -= 1
      }
    }

    private static let hostless: Set = [
      "balancer", "docker", "docker-image", "file", "gs", "lb", "oci", "s3", "s3a", "sqlite", "sqlite3",
      "unix", "urn",
    ]
  }

  // MARK: Characters

  /// Ports below 1000 on which services listen.
  private static let usualPorts: Set = [
    21, 22, 25, 53, 80, 88, 110, 143, 389, 443, 445, 465, 514, 554, 587, 631, 636, 853, 873, 993, 995,
  ]
  private static let longestName = 253
  private static let starters = Set("\"'`([{,;=@|<>& \t\n\r!")
  private static let enders = Set("\"'`)]}<>,;/?#|&\\ \t\n\r")
  private static let blanks = Set("\"' \t")
  private static let listSigns: Set<Character> = [",", ";", " ", "\t", "\n"]
  private static let tokenSigns: Set<Character> = [" ", "\t", "\n", "\r"]

  /// The scalars of a text, as a compose text has them: a sign counts as itself with an accent behind it, too.
  private static func characters(_ text: String) -> [Character] { text.unicodeScalars.map { Character($0) } }

  private static func isPart(_ character: Character) -> Bool {
    character.isLetter || character.isNumber || character == "-" || character == "_" || character == "."
  }

  private static func character(_ index: Int, of text: [Character]) -> Character? {
    index < text.count ? text[index] : nil
  }

  private static func ends(_ text: [Character], _ index: Int) -> Bool {
    index >= text.count || enders.contains(text[index])
  }

  /// What stands between some signs.
  private static func elements(of text: [Character], at signs: Set<Character>) -> [Range<Int>] {
    text.indices.split { signs.contains(text[$0]) }.map { $0.startIndex..<$0.endIndex }
  }

  /// Without the quotes and blanks around it.
  private static func trimmed(_ range: Range<Int>, of text: [Character]) -> Range<Int> {
    var (start, end) = (range.lowerBound, range.upperBound)
    while start < end, blanks.contains(text[start]) { start += 1 }
    while end > start, blanks.contains(text[end - 1]) { end -= 1 }
    return start..<end
  }
}
