import Wire

extension PodCalls {
  /// Runs a command in a container, and talks with it. When the body ends, the connection does; the command
  /// itself may go on.
  ///
  /// `GET …/pods/{name}/exec`, as a WebSocket with the protocol `v5.channel.k8s.io` if the server speaks it,
  /// else `v4.channel.k8s.io`. A role must allow `get` and `create` of `pods/exec`: servers ask for either,
  /// by their version. Not asked again after a loss: the command may have been run.
  ///
  /// - Throws: ``KubernetesError`` if the server refuses, or what the body throws.
  package func exec<Result>(
    _ command: ExecCommand, pod: String, in namespace: String,
    _ body: (ExecSession) async throws -> Result
  ) async throws -> Result {
    try await exec(command, pod: pod, in: namespace, pings: .seconds(30), body)
  }

  /// - Parameter pings: how often a sign of life is sent, so that nothing in between takes a silent
  ///   connection for dead.
  func exec<Result>(
    _ command: ExecCommand, pod: String, in namespace: String, pings: Duration,
    _ body: (ExecSession) async throws -> Result
  ) async throws -> Result {
    var request = Request(
      .GET, try ResourceType.pods.path(namespace: namespace, name: pod, subresource: "exec")
    )
    .with("container", command.container).with("stdin", command.takesInput).with("stdout", true)
    .with("stderr", !command.terminal)
    .with("tty", command.terminal)
    // Nodes refuse those who want JSON.
    .with(header: "Accept", "*/*").repeatable(false)
    for part in command.command { request.query.append(("command", part)) }
    let transport = client.transport
    let socket = try await client.requester.webSocket(request, protocols: [ExecMessage.v5, ExecMessage.v4])
    return try await socket.channel.executeThenClose { inbound, outbound in
      let writer = WebSocketWriter(outbound) { transport.explaining($0) }
      let input = ExecInput(
        writer: writer, isGiven: command.takesInput, canFinish: socket.subprotocol == ExecMessage.v5)
      let pinging = Task { try await writer.ping(every: pings) }
      defer { pinging.cancel() }
      let result = try await body(
        ExecSession(output: ExecOutput(inbound: inbound, writer: writer), input: input))
      await writer.close()
      return result
    }
  }
}
