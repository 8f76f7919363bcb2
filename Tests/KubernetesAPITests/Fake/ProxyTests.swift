import Foundation
import TestSupport
import Testing
import Wire

@testable import KubernetesAPI

@Suite(.enabled(if: Certificates.canBeMade)) struct ProxyTests {
  /// A server that is reached by a name that only the proxy knows, through a proxy.
  private func use(
    _ kind: FakeProxy.Kind, login: String = ""
  ) async throws -> (places: [String], name: String) {
    let certificates = try Certificates(names: "DNS:api.example.com")
    let server = try await FakeServer.start(tls: certificates.server(wantsClient: false)) { request in
      if request.path == "/version" { return .json(200, FakeServer.version) }
      return .webSocket(
        subprotocol: ExecMessage.v5, first: [.binary([3] + Array(#"{"status":"Success"}"#.utf8))]
      ) { _ in [] }
    }
    defer { server.stop() }
    let proxy = try await FakeProxy.start(kind)
    defer { proxy.stop() }
    var scheme = "http"
    if case .socks = kind { scheme = "socks5" }
    var access = try server.access(trust: certificates.trust())
    access.server = try ServerAddress("https://api.example.com:\(server.port)", schemes: [.https])
    access.proxy = try ServerAddress(
      "\(scheme)://\(login)127.0.0.1:\(proxy.port)", schemes: [.http, .socks5])
    let cluster = try await KubernetesClient.connect(
      to: access, programs: .refused(because: "test"), policy: .impatient)
    try await cluster.pods.exec(ExecCommand(command: ["true"]), pod: "a", in: "shop") { session in
      let events = try await session.output.reduce(into: [ExecEvent]()) { $0.append($1) }
      #expect(events == [.ended(0)])
    }
    return (proxy.places, "api.example.com:\(server.port)")
  }

  @Test("A server is reached through a proxy") func aServerIsReachedThroughAProxy() async throws {
    let result = try await use(.http(login: nil))
    #expect(result.places == [result.name, result.name])
  }

  @Test("A server is reached through SOCKS") func aServerIsReachedThroughSOCKS() async throws {
    let result = try await use(.socks)
    #expect(result.places == [result.name, result.name])
  }

  @Test("A proxy is sent the user name and password of its address") func aProxyIsToldWhoAsks() async throws {
    let login = Data("ada:p@ss".utf8).base64EncodedString()
    #expect(try await use(.http(login: login), login: "ada:p%40ss@").places.count == 2)
    let error = await #expect(throws: KubernetesError.self) { try await use(.http(login: login)) }
    #expect(error?.message.contains("wants to know who asks") == true, "\(error?.message ?? "")")
  }

  @Test("An address cannot be checked through a proxy") func anAddressCannotBeCheckedThroughAProxy()
    async throws
  {
    var access = ClusterAccess(
      server: try ServerAddress("https://10.0.0.1:6443", schemes: [.https]),
      source: "context a of /kubeconfig")
    access.proxy = try ServerAddress("http://127.0.0.1:1", schemes: [.http])
    let error = await #expect(throws: KubernetesError.self) {
      try await KubernetesClient.connect(to: access, programs: .refused(because: "test"))
    }
    #expect(error?.help?.contains("tls-server-name") == true, "\(error?.message ?? "")")
  }

  @Test("A proxy that refuses is told") func aProxyThatRefusesIsTold() async throws {
    let error = await #expect(throws: KubernetesError.self) {
      try await use(.refusing("HTTP/1.1 403 No\r\nContent-Length: 0\r\n\r\n"))
    }
    #expect(error?.message.contains("the proxy http://127.0.0.1") == true, "\(error?.message ?? "")")
    #expect(error?.message.contains("can't be reached through") == true)
  }
}
