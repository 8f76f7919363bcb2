import Values

/// What can be asked of a supervisor. Each request is one line of JSON, and so is its reply; asking twice is
/// asking once.
package enum SupervisorRequest {
  /// Which of these versions of the protocol the supervisor speaks. The first request of a connection.
  case hello(versions: [Int64])
  /// What is true now.
  case observe
  /// Make this service run.
  case put(ServiceDefinition, PutMode)
  /// Stop a service, and keep it stopped.
  case stop(service: String)
  /// Stop a service and forget it.
  case delete(service: String)
  /// Answer when something has come about, or when the time is over.
  case wait(WaitCondition, milliseconds: Int64)
  /// Run a command beside a service, from version 2 on. Its streams come with the request as descriptors: a
  /// terminal, or standard input, output and error. It is ended when the connection ends before it.
  case exec(ServiceCommand)
  /// Stop everything, each service before those that it depends on, and end.
  case shutDown

  /// The versions of the protocol that this berth speaks.
  package static let versions: [Int64] = [
    firstVersion, commandsVersion, recoveryVersion, conditionsVersion, addressesVersion,
    maxRestartsVersion,
  ]
  /// The version that every supervisor speaks.
  static let firstVersion: Int64 = 1
  /// The first version that can run commands beside services, and that limits what services use.
  package static let commandsVersion: Int64 = 2
  /// The first version that keeps what took the place of a volume.
  package static let recoveryVersion: Int64 = 3
  /// The first version that knows of conditions, of binds and of memory.
  static let conditionsVersion: Int64 = 4
  /// The first version that keeps what a service was given for addresses.
  static let addressesVersion: Int64 = 5
  /// The first version that counts how often a service is started again.
  static let maxRestartsVersion: Int64 = 6

  /// How long it may take, in milliseconds, until processes are gone that were killed.
  package static let killGrace: Int64 = 10_000
}

/// How a service is made to run.
package enum PutMode: String {
  /// What is there by the same digest is left as it is, and started if it does not run.
  case ensure
  /// Its process is stopped and started again with what is new; its root folder is kept.
  case restart
  /// The same, with a new root folder.
  case replace
  /// What can be changed without stopping its process is changed.
  case update
}

/// What can be waited for.
package enum WaitCondition: Equatable {
  /// A service is ready, or certain not to become ready, by an attempt that a put was answered with.
  case ready(service: String, attempt: Int64)
  /// A service has no process and will have none.
  case stopped(service: String)
  /// The supervisor does not know the service: it was deleted, or never was there.
  case gone(service: String)
}

// MARK: JSON

extension SupervisorRequest {
  /// As it is sent.
  package var json: Value {
    switch self {
    case .hello(let versions): ["request": "hello", "versions": .list(versions.map { .int($0) })]
    case .observe: ["request": "observe"]
    case .put(let definition, let mode):
      ["request": "put", "mode": .string(mode.rawValue), "definition": definition.json]
    case .stop(let service): ["request": "stop", "service": .string(service)]
    case .delete(let service): ["request": "delete", "service": .string(service)]
    case .wait(.ready(let service, let attempt), let milliseconds):
      [
        "request": "wait", "for": "ready", "service": .string(service), "attempt": .int(attempt),
        "milliseconds": .int(milliseconds),
      ]
    case .wait(.stopped(let service), let milliseconds):
      [
        "request": "wait", "for": "stopped", "service": .string(service), "milliseconds": .int(milliseconds),
      ]
    case .wait(.gone(let service), let milliseconds):
      [
        "request": "wait", "for": "gone", "service": .string(service), "milliseconds": .int(milliseconds),
      ]
    case .exec(let command): ["request": "exec", "command": command.json]
    case .shutDown: ["request": "shutDown"]
    }
  }

  /// Reads what ``json`` wrote.
  init(json: Value) throws(MalformedMessage) {
    switch try json.text("request") {
    case "hello": self = .hello(versions: try json.elements("versions").compactMap(\.int))
    case "observe": self = .observe
    case "put":
      let mode: PutMode = try json.word("mode", "mode")
      self = .put(try ServiceDefinition(json: try json.member("definition")), mode)
    case "stop": self = .stop(service: try json.text("service"))
    case "delete": self = .delete(service: try json.text("service"))
    case "wait":
      let service = try json.text("service")
      let condition: WaitCondition =
        switch try json.text("for") {
        case "ready": .ready(service: service, attempt: try json.number("attempt"))
        case "stopped": .stopped(service: service)
        case "gone": .gone(service: service)
        default: throw MalformedMessage("an unknown condition")
        }
      self = .wait(condition, milliseconds: try json.number("milliseconds"))
    case "exec": self = .exec(try ServiceCommand(json: try json.member("command")))
    case "shutDown": self = .shutDown
    case let other: throw MalformedMessage("an unknown request `\(other)`")
    }
  }
}
