/// How to find out whether a service can do its work: by an HTTP request, a TCP connection or a command.
public struct HealthCheck: SpecObject {
  /// The path of an HTTP request, which must be answered with a status from 200 to 399.
  public var path: String?
  /// The port of the HTTP request, or alone, of a TCP connection.
  public var port: Int?
  /// A command that must end with exit code 0.
  public var command: [String] = []
  /// How long to wait between two checks.
  public var interval = SpecDuration.seconds(10)
  /// How long a check may take.
  public var timeout = SpecDuration.seconds(2)
  /// How many failures in a row make a ready service unready.
  public var retries = 3

  /// A check with nothing set but defaults.
  public init() {}

  /// What the check does; `nil` if the fields do not say.
  public var probe: Probe? {
    switch (path, port, command.isEmpty) {
    case (let path?, let port?, true): .http(path: path, port: port)
    case (nil, let port?, true): .tcp(port: port)
    case (nil, nil, false): .command(command)
    default: nil
    }
  }

  /// What a check does.
  public enum Probe: Equatable, Sendable {
    /// Sends a GET request.
    case http(path: String, port: Int)
    /// Opens a connection.
    case tcp(port: Int)
    /// Runs a command.
    case command([String])
  }

  /// The statement of a health check's fields.
  public static let schema = ObjectSchema<HealthCheck>(
    "health check",
    "How to find out whether a service can do its work: `path` and `port` (HTTP), `port` alone (TCP) or `command`.",
    synonyms: [
      "test": "command", "exec": "command", "periodSeconds": "interval", "timeoutSeconds": "timeout",
      "failureThreshold": "retries", "url": "path",
    ],
    shorthand: { $0.hasPrefix("/") ? "{path: \($0), port: 8080}" : nil },
    alternatives: Alternatives(
      ["path", "port", "command"], code: .healthCheckKind,
      help: "give `path` and `port` (HTTP), `port` alone (TCP) or `command`"),
    fields: [
      Field(
        "path", \.path, "the path of an HTTP request that must be answered with a status from 200 to 399",
        rules: [.requestPath]),
      Field(
        "port", \.port, "the port of the request, or alone, of a TCP connection", rules: [.range(1...65535)]),
      Field("command", \.command, "a command that must end with exit code 0", rules: [.commandLine]),
      Field("interval", \.interval, "how long to wait between two checks", rules: [.positive]),
      Field("timeout", \.timeout, "how long a check may take", rules: [.positive]),
      Field(
        "retries", \.retries, "how many failures in a row make a ready service unready",
        rules: [.range(1...1000)]),
    ])
}

extension Rule where Subject == SpecDuration {
  /// Longer than nothing.
  static let positive = Rule("longer than `0s`", code: .outOfRange) { duration in
    duration.milliseconds > 0
      ? nil : RuleProblem(message: "this must be longer than `0s`", help: "write `1s` or more")
  }
}
