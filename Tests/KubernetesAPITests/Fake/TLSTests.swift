import Foundation
import NIOSSL
import TestSupport
import Testing
import Wire

@testable import KubernetesAPI

// Skipped where there is no openssl to make certificates with.
@Suite(.enabled(if: Certificates.canBeMade)) struct TLSTests {
  private static let none = ProgramPermission.refused(because: "it is a test")

  private static func server(
    _ certificates: Certificates, wantsClient: Bool = true
  ) async throws -> FakeServer {
    try await FakeServer.start(tls: certificates.server(wantsClient: wantsClient)) { request in
      if request.path == "/version" { return .json(200, FakeServer.version) }
      if request.path.hasSuffix("/exec") {
        return .webSocket(
          subprotocol: ExecMessage.v5, first: [.binary([3] + Array(#"{"status":"Success"}"#.utf8))]
        ) { _ in [] }
      }
      return .json(200, ["metadata": ["name": "a"]])
    }
  }

  /// A request, and a connection of its own.
  private static func use(_ access: ClusterAccess, _ programs: ProgramPermission = none) async throws {
    let cluster = try await KubernetesClient.connect(to: access, programs: programs, policy: .impatient)
    _ = try await cluster.objects(.pods).get("a", in: "shop")
    try await cluster.pods.exec(ExecCommand(command: ["true"]), pod: "a", in: "shop") { session in
      let events = try await session.output.reduce(into: [ExecEvent]()) { $0.append($1) }
      #expect(events == [.ended(0)])
    }
  }

  @Test("The server and the client show each other their certificates") func bothEndsProveWhoTheyAre()
    async throws
  {
    let certificates = try Certificates()
    let server = try await Self.server(certificates)
    defer { server.stop() }
    try await Self.use(server.access(certificates.user(), trust: certificates.trust()))
    var data = certificates.user()
    for (path, place) in [(\ClusterUser.certificate, "client.pem"), (\ClusterUser.key, "client.key")] {
      data[keyPath: path] = .data(Array(try #require(certificates.folder.read(place)).utf8), place: place)
    }
    try await Self.use(server.access(data, trust: certificates.trust()))
  }

  @Test("A server that no authority vouches for is refused") func aServerThatNoAuthorityVouchesForIsRefused()
    async throws
  {
    let certificates = try Certificates()
    let server = try await Self.server(certificates)
    defer { server.stop() }
    var trust = ServerTrust(authorities: .file(certificates.path("other-ca.pem")))
    let error = await #expect(throws: KubernetesError.self) {
      try await Self.use(server.access(certificates.user(), trust: trust))
    }
    #expect(
      error?.message.hasPrefix("no safe connection to https://127.0.0.1") == true, "\(error?.message ?? "")")
    #expect(error?.mayHaveBeenDone == false)
    trust.verifies = false
    try await Self.use(server.access(certificates.user(), trust: trust))
  }

  @Test("A server of another name is refused") func aServerOfAnotherNameIsRefused() async throws {
    let certificates = try Certificates(names: "DNS:api.example.com")
    let server = try await Self.server(certificates)
    defer { server.stop() }
    let error = await #expect(throws: KubernetesError.self) {
      try await Self.use(server.access(certificates.user(), trust: certificates.trust()))
    }
    #expect(error?.message.hasPrefix("no safe connection") == true, "\(error?.message ?? "")")
    try await Self.use(
      server.access(certificates.user(), trust: certificates.trust(serverName: "api.example.com")))
    #expect(server.requests.allSatisfy { $0.headers["host"] == "127.0.0.1:\(server.port)" })
    let other = await #expect(throws: KubernetesError.self) {
      try await Self.use(
        server.access(certificates.user(), trust: certificates.trust(serverName: "other.example.com")))
    }
    #expect(other?.message.hasPrefix("no safe connection") == true, "\(other?.message ?? "")")
    let address = await #expect(throws: KubernetesError.self) {
      try await Self.use(
        server.access(certificates.user(), trust: certificates.trust(serverName: "10.0.0.1")))
    }
    #expect(address?.message.contains("is an address, and must be a name") == true)
  }

  @Test("A certificate that has expired is told") func aCertificateThatHasExpiredIsTold() async throws {
    let certificates = try Certificates()
    let server = try await Self.server(certificates)
    defer { server.stop() }
    let error = await #expect(throws: KubernetesError.self) {
      try await Self.use(server.access(certificates.user("expired"), trust: certificates.trust()))
    }
    #expect(
      error?.message.hasPrefix(
        "\(certificates.path("expired.pem")): the client certificate of the user \"ada\" expired on 2")
        == true, "\(error?.message ?? "")")
    #expect(server.requests.isEmpty)
  }

  @Test("Files that cannot be used are told") func filesThatCannotBeUsedAreTold() async throws {
    let certificates = try Certificates()
    let server = try await Self.server(certificates)
    defer { server.stop() }
    try certificates.folder.write("empty.pem", "")
    try certificates.folder.write("broken.pem", "-----BEGIN CERTIFICATE-----\nx\n-----END CERTIFICATE-----\n")
    var missing = certificates.user()
    missing.key = .file(certificates.path("none.key"))
    var empty = certificates.user()
    empty.certificate = .file(certificates.path("empty.pem"))
    var swapped = certificates.user()
    swapped.key = .file(certificates.path("client.pem"))
    var broken = certificates.trust()
    broken.authorities = .file(certificates.path("broken.pem"))
    for (user, trust, text) in [
      (missing, certificates.trust(), "none.key` can't be read"),
      (empty, certificates.trust(), "the client certificate of the user"),
      (swapped, certificates.trust(), "client.pem: the client key of the user \"ada\" can't be read"),
      (
        certificates.user(), broken,
        "broken.pem: the authorities that the server is checked against can't be read"
      ),
    ] {
      let error = await #expect(throws: KubernetesError.self) {
        try await Self.use(server.access(user, trust: trust))
      }
      #expect(error?.message.contains(text) == true, "\(error?.message ?? "")")
    }
  }

  @Test("Who shows no certificate is turned away") func whoShowsNoCertificateIsTurnedAway() async throws {
    let certificates = try Certificates()
    let server = try await Self.server(certificates)
    defer { server.stop() }
    await #expect(throws: KubernetesError.self) {
      try await Self.use(server.access(ClusterUser(name: ""), trust: certificates.trust()))
    }
    #expect(server.requests.isEmpty)
  }

  @Test("An answer that is lost over TLS may have been done") func anAnswerThatIsLostOverTLSMayHaveBeenDone()
    async throws
  {
    let certificates = try Certificates()
    for pieces in [[], ["HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n{"]] {
      let server = try await FakeServer.start(tls: certificates.server()) { request in
        request.path == "/version" ? .json(200, FakeServer.version) : .cut(pieces)
      }
      defer { server.stop() }
      let access = try server.access(certificates.user(), trust: certificates.trust())
      let cluster = try await KubernetesClient.connect(to: access, programs: Self.none, policy: .impatient)
      let error = await #expect(throws: KubernetesError.self) {
        try await cluster.objects(.pods).patch(
          "a", in: "shop", .steps([]), WriteOptions(fieldManager: "berth"))
      }
      #expect(error?.mayHaveBeenDone == true, "\(error?.message ?? "")")
      #expect(error?.message.contains("closed the connection") == true, "\(error?.message ?? "")")
    }
  }

  @Test("A server that ends before it is safe is asked again")
  func aServerThatEndsBeforeItIsSafeIsAskedAgain() async throws {
    let certificates = try Certificates()
    // It takes the start of TLS for no request at all, and closes.
    let server = try await FakeServer.start(endsAtOnce: true) { _ in .drop }
    defer { server.stop() }
    var access = try server.access(certificates.user(), trust: certificates.trust())
    access.server = try ServerAddress("https://127.0.0.1:\(server.port)", schemes: [.https])
    let error = await #expect(throws: KubernetesError.self) { try await Self.use(access) }
    #expect(error?.mayHaveBeenDone == false)
    #expect(error?.mayPass == true, "\(error?.message ?? "")")
  }

  @Test("A port that wants TLS is no plain one") func aPortThatWantsTLSIsNoPlainOne() async throws {
    let certificates = try Certificates()
    let server = try await Self.server(certificates)
    defer { server.stop() }
    var access = try server.access()
    access.server = try ServerAddress("http://127.0.0.1:\(server.port)", schemes: [.http])
    let error = await #expect(throws: KubernetesError.self) { try await Self.use(access) }
    #expect(error?.help?.contains("wants TLS") == true, "\(error?.message ?? "")")
  }

  @Test("A plugin may give a certificate and another later") func aPluginMayGiveACertificateAndAnotherLater()
    async throws
  {
    let certificates = try Certificates()
    let server = try await Self.server(certificates)
    defer { server.stop() }
    let script = """
      #!/bin/sh
      cd \(certificates.folder.path)
      printf x >>runs
      name=client
      [ "$(cat runs)" = x ] || name=client-two
      line() { awk '{ printf "%s\\\\n", $0 }' "$name.$1"; }
      printf '{"kind":"ExecCredential","apiVersion":"client.authentication.k8s.io/v1beta1","status":{'
      printf '"expirationTimestamp":"2000-01-01T00:00:00Z","clientCertificateData":"%s",' "$(line pem)"
      printf '"clientKeyData":"%s"}}' "$(line key)"
      """
    let plugin = ExecPlugin(
      command: try certificates.folder.write("plugin", script, isProgram: true), version: .v1beta1)
    let access = try server.access(ClusterUser(name: "ada", plugin: plugin), trust: certificates.trust())
    let source = CredentialSource(
      user: access.user,
      permission: .granted(environment: ProcessInfo.processInfo.environment, isInteractive: false))
    let transport = try Transport(access: access, credentials: source)
    let first = try await source.identity()
    _ = try await transport.call(Request(.GET, ["version"]))
    let last = try await source.identity()
    #expect(first.certificate?.bytes != last.certificate?.bytes)
    #expect(last.certificateNumber == 2)
    #expect(server.requests.count == 1)
  }

  @Test("A certificate that was renewed is read again") func aCertificateThatWasRenewedIsReadAgain()
    async throws
  {
    let certificates = try Certificates()
    let source = CredentialSource(user: certificates.user(), permission: Self.none)
    let first = try await source.identity()
    #expect(try await source.renew(after: first) == false)
    for end in ["pem", "key"] {
      try certificates.folder.write(
        "client.\(end)", try #require(certificates.folder.read("client-two.\(end)")))
    }
    #expect(try await source.renew(after: first))
    #expect(try await source.identity().certificateNumber == 2)
  }
}
