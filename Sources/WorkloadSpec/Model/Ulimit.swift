import Diagnostics

/// A limit of a service's processes (getrlimit(2)).
public struct Ulimit: SpecElement {
  /// The name, as `ulimit` and limits.conf(5) have it.
  public var name = ""
  /// What a process has at first; -1 is without limit.
  public var soft = 0
  /// What it can have at most; `nil` for as much as at first.
  public var hard: Int?

  /// A limit with nothing set.
  public init() {}

  /// Told apart by name.
  public static let identityFields = ["name"]
  /// Limits of a service are told apart by name.
  public var identity: String { name }

  /// What a process can have at most.
  public var ceiling: Int { hard ?? soft }

  /// The names that limits have.
  public static let names: [String] = [
    "as", "core", "cpu", "data", "fsize", "locks", "memlock", "msgqueue", "nice", "nofile", "nproc", "rss",
    "rtprio", "rttime", "sigpending", "stack",
  ]

  /// The statement of its fields.
  public static let schema = ObjectSchema<Ulimit>(
    "ulimit", "A limit of a service's processes.",
    fields: [
      Field("name", \.name, "what is limited, as `ulimit` calls it", required: true, rules: [.ulimitName]),
      Field(
        "soft", \.soft, "what a process has at first; -1 is without limit", required: true,
        rules: [.range(-1 ... .max)]),
      Field(
        "hard", \.hard, "what it can have at most; without it, as much as at first",
        rules: [.range(-1 ... .max)]),
    ])
}

extension Rule where Subject == String {
  /// A name that a limit has.
  fileprivate static let ulimitName = Rule(
    "one of " + Ulimit.names.map { "`\($0)`" }.joined(separator: ", "),
    schema: [.init("enum", .list(Ulimit.names.map { .string($0) }))], code: .badChoice
  ) { name in
    guard !Ulimit.names.contains(name) else { return nil }
    return RuleProblem(
      "there is no limit called `\(name)`",
      help: Suggestion.help(for: name, among: Ulimit.names)
        ?? "the limits are " + Ulimit.names.map { "`\($0)`" }.joined(separator: ", "))
  }
}
