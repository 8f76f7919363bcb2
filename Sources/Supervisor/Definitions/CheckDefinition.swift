import Values

/// How to find out whether a service can do its work, by the numbers of this machine.
package struct CheckDefinition: Equatable {
  package enum Question: Equatable {
    /// Sends a GET request.
    case http(path: String, port: Int)
    /// Opens a connection.
    case tcp(port: Int)
    /// Asks by the health checking protocol of gRPC.
    case grpc(service: String, port: Int)
    /// Runs a command.
    case command([String])
  }

  package var question: Question
  /// The time between two checks, in milliseconds.
  package var interval: Int64
  /// How long a check may take, in milliseconds.
  package var timeout: Int64
  /// How many failures in a row make a ready service unready.
  package var retries: Int
  /// The time between two checks until one passes, in milliseconds; `nil` for as long as ever.
  package var startInterval: Int64?
  /// The statuses of HTTP that are a success, and ranges of them; none for 200 to 399.
  package var status: [String]
  /// Headers of the HTTP request.
  package var headers: [String: String]

  package init(
    _ question: Question, interval: Int64, timeout: Int64, retries: Int, startInterval: Int64? = nil,
    status: [String] = [], headers: [String: String] = [:]
  ) {
    self.question = question
    self.interval = interval
    self.timeout = timeout
    self.retries = retries
    self.startInterval = startInterval
    self.status = status
    self.headers = headers
  }

  /// The time between two checks until one passes, in milliseconds.
  var firstInterval: Int64 { startInterval ?? interval }
}

// MARK: JSON

extension CheckDefinition {
  /// As it is sent to a supervisor.
  var json: Value {
    var members: [Value.Member] = [
      .init("interval", .int(interval)), .init("timeout", .int(timeout)),
      .init("retries", .int(Int64(retries))),
    ]
    if let startInterval { members.append(.init("startInterval", .int(startInterval))) }
    if !status.isEmpty { members.append(.init("status", .texts(status))) }
    if !headers.isEmpty { members.append(.init("headers", .texts(headers))) }
    switch question {
    case .http(let path, let port):
      members += [.init("path", .string(path)), .init("port", .int(Int64(port)))]
    case .tcp(let port): members.append(.init("port", .int(Int64(port))))
    case .grpc(let service, let port):
      members += [.init("grpc", .string(service)), .init("port", .int(Int64(port)))]
    case .command(let command): members.append(.init("command", .texts(command)))
    }
    return .map(members)
  }

  /// Reads what ``json`` wrote.
  init(json: Value) throws(MalformedMessage) {
    interval = try json.number("interval")
    timeout = try json.number("timeout")
    retries = Int(try json.number("retries"))
    startInterval = json["startInterval"]?.int
    status = (json["status"]?.list ?? []).compactMap(\.string)
    headers = json["headers"]?.textMembers ?? [:]
    if let service = json["grpc"]?.string {
      question = .grpc(service: service, port: Int(try json.number("port")))
      return
    }
    switch (json["path"]?.string, json["port"]?.int) {
    case (let path?, let port?): question = .http(path: path, port: Int(port))
    case (nil, let port?): question = .tcp(port: Int(port))
    default: question = .command(try json.texts("command"))
    }
  }
}
