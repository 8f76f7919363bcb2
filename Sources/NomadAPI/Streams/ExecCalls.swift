import NIOCore
import Values
import Wire

/// A command that is to be run in a task.
package struct TaskCommand: Sendable, Equatable {
  /// The program and its arguments.
  package var command: [String]
  /// The task.
  package var task: String
  /// Whether it gets a terminal; its output is then one stream.
  package var terminal: Bool

  package init(command: [String], task: String, terminal: Bool = false) {
    self.command = command
    self.task = task
    self.terminal = terminal
  }
}

/// What goes to and fro between a program and a command in a task.
package struct ExecSession: Sendable {
  /// What the command writes, and how it ends.
  package let output: ExecOutput
  /// What the command reads.
  package let input: ExecInput
}

extension AllocationCalls {
  /// Runs a command in a task, and talks with it. When the body ends, the connection does; the command itself may go on.
  ///
  /// `GET /v1/client/allocation/{id}/exec`, as a WebSocket. Not asked again after a loss: the command may have been run. A
  /// token needs `alloc-exec`, and for a task that its driver does not set apart from the node, `alloc-node-exec`.
  ///
  /// Agents agree before they look at what was asked: what they refuse is thrown by the first read of the output.
  ///
  /// - Parameter allocation: the ID.
  /// - Throws: ``NomadError`` if the agent refuses, or what the body throws.
  package func exec<Result>(
    _ command: TaskCommand, in allocation: String, namespace: String? = nil,
    _ body: (ExecSession) async throws -> Result
  ) async throws -> Result {
    try await exec(command, in: allocation, namespace: namespace, beats: .seconds(10), body)
  }

  /// - Parameter beats: how often a sign of life is sent, so that nothing in between takes a silent connection for dead.
  func exec<Result>(
    _ command: TaskCommand, in allocation: String, namespace: String?, beats: Duration,
    _ body: (ExecSession) async throws -> Result
  ) async throws -> Result {
    let line = JSON.array(command.command.map(JSON.string)).text
    let request = try Request.of(
      .GET, ["v1", "client", "allocation"], allocation, "the allocation", then: ["exec"]
    )
    .with("namespace", namespace ?? requester.namespace).with("task", command.task)
    .with("tty", command.terminal ? "true" : "false").with("command", line)
    let transport = requester.transport
    let socket = try await requester.webSocket(request)
    return try await socket.channel.executeThenClose { inbound, outbound in
      let writer = WebSocketWriter(outbound) { transport.explaining($0) }
      let input = ExecInput(writer: writer)
      let beating = Task { try await input.beat(every: beats) }
      defer { beating.cancel() }
      let output = ExecOutput(inbound: inbound, writer: writer, access: transport.access)
      let result = try await body(ExecSession(output: output, input: input))
      await writer.close()
      return result
    }
  }
}
