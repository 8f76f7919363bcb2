/// Calls that run a command in a container.
package struct ExecCalls: Sendable {
  let client: DockerClient

  /// Sets up a command to be run in a container.
  ///
  /// `POST /containers/{id}/exec`
  ///
  /// - Parameter container: the id or name of the container, which must run.
  /// - Returns: the id of the command.
  /// - Throws: ``DockerError``; with ``DockerError/isConflict`` if the container does not run.
  package func create(in container: String, _ exec: ExecCreation) async throws -> String {
    struct Created: Decodable { let Id: String }
    return try await client.call(
      Request(.POST, "containers", container, "exec").with(json: exec), as: Created.self
    ).Id
  }

  /// Runs a command that was set up, and talks with it. When the body ends, the connection does; the command
  /// itself may go on.
  ///
  /// `POST /exec/{id}/start`
  ///
  /// - Parameter terminal: whether it was set up with a terminal.
  /// - Returns: what the body returns. How the command ended is told by ``inspect(_:)``.
  package func start<Result>(
    _ id: String, terminal: Bool, _ body: (AttachedStreams) async throws -> Result
  ) async throws -> Result {
    let request = try Request(.POST, "exec", id, "start").with(json: ExecStart(terminal: terminal))
    let transport = client.transport
    let connection = try await transport.hijack(request, version: client.version)
    return try await connection.executeThenClose { inbound, outbound in
      try await body(
        AttachedStreams(
          output: ContainerOutput(source: .connection(inbound, transport), terminal: terminal),
          input: AttachedInput(writer: outbound, transport: transport)))
    }
  }

  /// Gives the terminal of a command that runs another size, in characters.
  ///
  /// `POST /exec/{id}/resize`
  package func resize(_ id: String, columns: Int, rows: Int) async throws {
    try await client.call(Request(.POST, "exec", id, "resize").with("w", "\(columns)").with("h", "\(rows)"))
  }

  /// A command.
  ///
  /// `GET /exec/{id}/json`
  package func inspect(_ id: String) async throws -> Exec {
    try await client.call(Request(.GET, "exec", id, "json"))
  }
}

/// A command that is to be run in a container.
package struct ExecCreation: Encodable, Sendable, Equatable {
  /// The program and its arguments.
  package var command: [String]
  /// What is added to the environment of the container: `NAME=value`.
  package var environment: [String]?
  /// Where it starts; `nil` means where the container did.
  package var workingDirectory: String?
  /// Who runs it; `nil` means who runs the container.
  package var user: String?
  /// Whether it gets a terminal; its output is then one stream.
  package var terminal: Bool
  /// Whether it is given standard input.
  package var takesInput: Bool
  private let givesOutput = true
  private let givesError = true

  package init(
    command: [String], environment: [String]? = nil, workingDirectory: String? = nil, user: String? = nil,
    terminal: Bool = false, takesInput: Bool = false
  ) {
    self.command = command
    self.environment = environment
    self.workingDirectory = workingDirectory
    self.user = user
    self.terminal = terminal
    self.takesInput = takesInput
  }

  enum CodingKeys: String, CodingKey {
    case command = "Cmd"
    case environment = "Env"
    case workingDirectory = "WorkingDir"
    case user = "User"
    case terminal = "Tty"
    case takesInput = "AttachStdin"
    case givesOutput = "AttachStdout"
    case givesError = "AttachStderr"
  }
}

private struct ExecStart: Encodable {
  let terminal: Bool

  enum CodingKeys: String, CodingKey { case terminal = "Tty" }
}

/// A command in a container.
package struct Exec: Decodable, Sendable, Equatable {
  package let running: Bool
  /// How it ended; `nil` if it did not yet.
  package let exitCode: Int?
  /// The process id on the engine's machine.
  package let pid: Int?

  enum CodingKeys: String, CodingKey {
    case running = "Running"
    case exitCode = "ExitCode"
    case pid = "Pid"
  }
}
