/// Finds hosts among the words of a line of a shell or of a command: by the option or the program in front of them.
struct CommandLineHosts: Sendable {
  /// The words before, the last of them last.
  private var before: [String] = []

  /// The host that a word is, or is given as a value: `--host=db`.
  ///
  /// - Returns: where it stands, and how certain it is that a host is meant.
  mutating func host(
    in token: Range<Int>, of text: [Character], _ known: Set<String>
  ) -> (range: Range<Int>, certainty: Certainty)? {
    let isLast = token.upperBound > token.lowerBound && Self.ends.contains(text[token.upperBound - 1])
    var word = token
    while word.lowerBound < word.upperBound, Self.quotes.contains(text[word.lowerBound]) {
      word = word.lowerBound + 1..<word.upperBound
    }
    while word.upperBound > word.lowerBound,
      Self.quotes.contains(text[word.upperBound - 1]) || Self.ends.contains(text[word.upperBound - 1])
    {
      word = word.lowerBound..<word.upperBound - 1
    }
    defer {
      before.append(String(text[word]))
      if isLast { before = [] }
      if before.count > 16 { before.removeFirst() }
    }
    if let sign = text[word].firstIndex(of: "="), sign > word.lowerBound {
      let value = sign + 1..<word.upperBound
      guard known.contains(String(text[value])) else { return nil }
      return HostVariable(String(text[word.lowerBound..<sign])).certainty.map { (value, $0) }
    }
    guard known.contains(String(text[word])), let option = before.last else { return nil }
    if option.hasPrefix("--"), !option.contains("=") {
      return HostVariable(option).certainty.map { (word, $0) }
    }
    if option == "-h" {
      return (word, before.contains { Self.clients.contains(Self.name(of: $0)) } ? .sure : .likely)
    }
    if option == "-H" { return (word, .likely) }
    // `nc -z db 5432`
    let program = before.last { !$0.hasPrefix("-") }
    return program.map { Self.dialers.contains(Self.name(of: $0)) } == true ? (word, .sure) : nil
  }

  private static func name(of program: String) -> String {
    String(program.split(separator: "/").last ?? "").trimmingPrefix { "$(".contains($0) }.description
  }

  private static let quotes = Set("\"'`")
  private static let ends = Set(";)&|")
  /// Programs that take the host as `-h`.
  private static let clients: Set = [
    "createdb", "dropdb", "ldapsearch", "mariadb", "mariadb-admin", "mariadb-dump", "mosquitto_pub",
    "mosquitto_sub", "mysql", "mysqladmin", "mysqldump", "pg_dump", "pg_dumpall", "pg_isready", "pg_restore",
    "psql", "redis-cli", "valkey-cli",
  ]
  /// Programs that take the host without an option.
  private static let dialers: Set = ["nc", "ncat", "netcat", "nslookup", "ping", "telnet"]
}

extension HostVariable {
  /// How certain it is that a name given to such an option is a host; `nil` if it is none.
  fileprivate var certainty: Certainty? {
    switch self {
    case .host: .sure
    case .own, .likely: .likely
    case .never, .other: nil
    }
  }
}
