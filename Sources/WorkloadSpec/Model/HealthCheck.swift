import HealthChecks

/// How to find out whether a service can do its work: by an HTTP request, a TCP connection or a command.
public struct HealthCheck: SpecObject {
  /// The path of an HTTP request, which must be answered with a status from 200 to 399.
  public var path: String?
  /// The port of the HTTP request, or alone, of a TCP connection.
  public var port: Int?
  /// A command that must end with exit code 0.
  public var command: [String] = []
  /// The service that a gRPC health check asks for; empty for all of the server.
  public var grpc: String?
  /// The statuses of HTTP that are a success; none for 200 to 399.
  public var status: StringSet = []
  /// Headers of the HTTP request.
  public var headers = StringMap()
  /// Whether there is no check, not even the image's own.
  @Flagged public var disabled = false
  /// How long failures do not count after the start.
  public var startPeriod: SpecDuration?
  /// How long to wait between two checks until then; `nil` for as long as ever.
  public var startInterval: SpecDuration?
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
    switch (path, port, command.isEmpty, grpc) {
    case (let path?, let port?, true, nil): .http(path: path, port: port)
    case (nil, let port?, true, nil): .tcp(port: port)
    case (nil, let port?, true, let service?): .grpc(service: service, port: port)
    case (nil, nil, false, nil): .command(command)
    default: nil
    }
  }

  /// Whether a status of HTTP is a success.
  public func accepts(status code: Int) -> Bool {
    HTTPStatuses.accept(code, stated: status.elements)
  }

  /// What a check does.
  public enum Probe: Equatable, Sendable {
    /// Sends a GET request.
    case http(path: String, port: Int)
    /// Opens a connection.
    case tcp(port: Int)
    /// Asks by the health checking protocol of gRPC.
    case grpc(service: String, port: Int)
    /// Runs a command.
    case command([String])
  }

  /// The statement of a health check's fields.
  public static let schema = ObjectSchema<HealthCheck>(
    "health check",
    "How to find out whether a service can do its work: `path` and `port` (HTTP), `port` alone (TCP), `grpc` and `port`, "
      + "or `command`.",
    synonyms: [
      "test": "command", "exec": "command", "periodSeconds": "interval", "timeoutSeconds": "timeout",
      "failureThreshold": "retries", "url": "path", "initialDelaySeconds": "startPeriod",
      "start_period": "startPeriod", "start_interval": "startInterval", "disable": "disabled",
      "httpHeaders": "headers",
    ],
    shorthand: { $0.hasPrefix("/") ? "{path: \($0), port: 8080}" : nil },
    alternatives: Alternatives(
      ["path", "port", "command", "disabled"], code: .healthCheckKind,
      help: "give `path` and `port` (HTTP), `port` alone (TCP), `grpc` and `port`, or `command`"),
    fields: [
      Field(
        "path", \.path,
        "the path of an HTTP request that must be answered with a status from 200 to 399, or one of `status`",
        rules: [.requestPath]),
      Field(
        "port", \.port, "the port of the request, or alone, of a TCP connection", rules: [.range(1...65535)]),
      Field(
        "command", \.command, "a command that must end with exit code 0", takesAddresses: true,
        rules: [.commandLine]),
      Field(
        "grpc", \.grpc,
        "asks by the health checking protocol of gRPC for this service; empty for all of the server"),
      Field(
        "status", \.status, "the statuses of HTTP that are a success, such as `204` or `200-299`",
        rules: [.statuses]),
      Field("headers", \.headers, "headers of the HTTP request, such as `Host`", rules: [.headers]),
      Field("disabled", \.$disabled, "whether there is no check, not even the image's own"),
      Field(
        "startPeriod", \.startPeriod, "how long failures do not count after the start", rules: [.positive]),
      Field(
        "startInterval", \.startInterval,
        "how long to wait between two checks until it first passes; without it, `interval`",
        rules: [.positive]),
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

extension Rule where Subject == StringSet {
  /// Statuses of HTTP.
  fileprivate static let statuses = Rule(
    "statuses of HTTP from 100 to 599, and ranges of them",
    schema: [.init("items", ["type": "string", "pattern": "^[1-5][0-9][0-9](-[1-5][0-9][0-9])?$"])],
    code: .badChoice,
    problems: { statuses in
      statuses.elements.filter { HTTPStatuses.range($0) == nil }.map {
        RuleProblem("`\($0)` is not a status of HTTP", help: "write it as `204` or `200-299`")
      }
    })
}

extension Rule where Subject == StringMap {
  /// Headers of HTTP.
  fileprivate static let headers = Rule(
    "names of headers, with values on one line",
    schema: [.init("propertyNames", ["pattern": "^[!#$%&'*+.^_`|~0-9A-Za-z-]+$"])], code: .badName,
    problems: { map in
      map.entries.compactMap { entry in
        let isName =
          !entry.key.isEmpty
          && entry.key.utf8.allSatisfy { byte in
            (byte | 0x20 >= UInt8(ascii: "a") && byte | 0x20 <= UInt8(ascii: "z"))
              || (byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9"))
              || "!#$%&'*+.^_`|~-".utf8.contains(byte)
          }
        guard isName, entry.value.utf8.allSatisfy({ $0 >= 0x20 || $0 == 0x09 }) else {
          return RuleProblem(
            "`\(entry.key)` is not a header of HTTP",
            help: "write a name of a header, and its value on one line",
            key: entry.key)
        }
        return nil
      }
    })
}
