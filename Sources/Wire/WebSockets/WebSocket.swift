import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL
import NIOWebSocket
import Values

/// A connection that carries messages both ways (RFC 6455), once the server agreed to stop speaking HTTP on it.
package struct WebSocket: Sendable {
  /// It must be used: NIO does not allow that it is just let go.
  package let channel: NIOAsyncChannel<WebSocketFrame, WebSocketFrame>
  /// What is spoken on it, of what was offered; empty if nothing was.
  package let subprotocol: String
}

/// What a server is asked for a WebSocket with, and how it is reached.
package struct WebSocketRequest: Sendable {
  /// Where the server listens.
  package var server: ServerAddress
  /// The name that its certificate must have; `nil` means the one in its address.
  package var serverName: String?
  /// Through what it is reached.
  package var proxy: ServerAddress?
  /// How the connection is made safe; `nil` if it is not.
  package var tls: TLSConfiguration?
  /// The path and the query, encoded, without what stands before each path of the server.
  package var target: String
  /// What is sent besides what makes it a WebSocket.
  package var headers: [(name: String, value: String)]
  /// What may be spoken, the best first; empty if that is not asked.
  package var protocols: [String]
  /// How long the server may take to agree; `nil` means for ever.
  package var limit: Duration?

  package init(
    server: ServerAddress, serverName: String? = nil, proxy: ServerAddress?, tls: TLSConfiguration?,
    target: String, headers: [(name: String, value: String)], protocols: [String] = [], limit: Duration?
  ) {
    self.server = server
    self.serverName = serverName
    self.proxy = proxy
    self.tls = tls
    self.target = target
    self.headers = headers
    self.protocols = protocols
    self.limit = limit
  }
}

/// Why a WebSocket did not come about.
package enum WebSocketFailure: Error, Sendable {
  /// The server answers by HTTP that it does not agree.
  case refused(HTTPResponseStatus, HTTPHeaders, body: ByteBuffer)
  /// It agrees to one that was not asked for.
  case wrongKey
  /// It speaks nothing that was offered.
  case wrongProtocol
  /// The time was over.
  case late
}

extension WebSocket {
  /// Asks for a connection of its own.
  ///
  /// - Throws: ``WebSocketFailure``, ``WireProblem`` if the proxy refuses, or what NIO throws; a task that is cancelled
  ///   closes the connection, and then any of those.
  package static func open(_ request: WebSocketRequest) async throws -> WebSocket {
    let handshake = try await Handshake.connect(request)
    // The time is kept by the handshake, not by a task beside it: that could let go of a connection which has just come
    // about.
    if let limit = request.limit { handshake.fail(after: limit) }
    return try await withTaskCancellationHandler {
      try await handshake.promise.futureResult.get()
    } onCancel: {
      handshake.channel.close(promise: nil)
    }
  }
}

/// A connection that the server is asked to hand over.
private struct Handshake: Sendable {
  let channel: any Channel
  let promise: EventLoopPromise<WebSocket>

  static func connect(_ request: WebSocketRequest) async throws -> Handshake {
    let tls = try request.tls.map { try NIOSSLContext(configuration: $0) }
    let nonce = Base64.encode((0..<16).map { _ in UInt8.random(in: 0...255) })
    let question = question(request, nonce: nonce)
    let server = request.server
    let prepare: @Sendable (any Channel) -> EventLoopFuture<Handshake> = { channel in
      channel.eventLoop.makeCompletedFuture {
        let pipeline = channel.pipeline.syncOperations
        let promise = channel.eventLoop.makePromise(of: WebSocket.self)
        if let proxy = request.proxy {
          try pipeline.addHandler(
            TunnelHandler(proxy: proxy, host: server.host, port: server.port) { promise.fail($0) })
        }
        if let tls {
          // Addresses are no names of servers.
          let name = request.serverName ?? server.host
          let handler = try NIOSSLClientHandler(
            context: tls, serverHostname: ServerAddress.isAddress(name) ? nil : name)
          try pipeline.addHandler(handler)
        }
        try pipeline.addHandler(
          UpgradeHandler(question: question, protocols: request.protocols, nonce: nonce, promise: promise))
        return Handshake(channel: channel, promise: promise)
      }
    }
    let place = request.proxy ?? server
    return try await ClientBootstrap(group: Connections.eventLoops)
      .connectTimeout(.init(Connections.patience))
      .channelOption(.socketOption(.so_keepalive), value: 1)
      .connect(host: place.host, port: place.port, channelInitializer: prepare)
  }

  private static func question(_ request: WebSocketRequest, nonce: String) -> ByteBuffer {
    var lines = ["GET \(request.server.path)\(request.target) HTTP/1.1"]
    lines += request.headers.map { "\($0.name): \($0.value)" }
    lines += [
      "Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: \(nonce)",
    ]
    if !request.protocols.isEmpty {
      lines.append("Sec-WebSocket-Protocol: \(request.protocols.joined(separator: ", "))")
    }
    return ByteBuffer(string: lines.joined(separator: "\r\n") + "\r\n\r\n")
  }

  func fail(after limit: Duration) {
    let timer = channel.eventLoop.scheduleTask(in: TimeAmount(limit)) {
      promise.fail(WebSocketFailure.late)
      channel.close(promise: nil)
    }
    promise.futureResult.whenComplete { _ in timer.cancel() }
  }
}
