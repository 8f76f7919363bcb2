import NomadFake
import TestSupport
import Testing
import Wire

@testable import NomadAPI

// Skipped where there is no openssl to make certificates with.
@Suite(.enabled(if: Certificates.canBeMade)) struct TLSTests {
  @Test("The agent and the client show each other their certificates") func bothShow() async throws {
    let certificates = try Certificates()
    let cluster = FakeNomad()
    let agent = try await FakeAgent.listen(cluster, tls: certificates.server())
    defer { agent.stop() }
    var access = try Scene.access(agent)
    access.trust = certificates.trust()
    access.certificate = .file(certificates.path("client.pem"))
    access.key = .file(certificates.path("client.key"))
    let client = try await NomadClient.connect(to: access, policy: .impatient)
    _ = try await client.jobs.register(Scene.job())
    let found = try await inTime {
      for try await found in client.follow({ try await client.jobs.allocations(of: "web", $0) }) {
        if found.value.first?.clientStatus == "running" { return found.value[0] }
      }
      throw NomadError("it ended")
    }
    cluster.onExec { _ in .ends(3, output: "hi") }
    let events = try await client.allocations.exec(
      TaskCommand(command: ["true"], task: "web"), in: found.id
    ) { session in
      try await session.output.reduce(into: [ExecEvent]()) { $0.append($1) }
    }
    #expect(events == [.output(Array("hi".utf8)), .ended(3)])
  }

  @Test("What can't be trusted, shown or read is an error") func whatCantBeTrusted() async throws {
    let certificates = try Certificates()
    let agent = try await FakeAgent.listen(FakeNomad(), tls: certificates.server())
    defer { agent.stop() }
    var access = try Scene.access(agent)
    access.trust = ServerTrust(authorities: .file(certificates.path("other-ca.pem")))
    await expectFailure(access, "no safe connection")
    access.trust = ServerTrust(authorities: .file(certificates.path("missing.pem")))
    await expectFailure(access, "missing.pem")
    access.trust = certificates.trust()
    access.certificate = .file(certificates.path("expired.pem"))
    access.key = .file(certificates.path("expired.key"))
    await expectFailure(access, "expired on")
    access.certificate = .data(Array("x".utf8), place: "the vault")
    await expectFailure(access, "the vault: the client certificate of the test")
    access.trust.serverName = "127.0.0.1"
    access.certificate = nil
    access.key = nil
    await expectFailure(access, "is an address")
  }

  private func expectFailure(_ access: NomadAccess, _ words: String) async {
    let error = await #expect(throws: NomadError.self) {
      try await NomadClient.connect(to: access, policy: .impatient)
    }
    #expect(error?.message.contains(words) == true, "\(error?.message ?? "")")
  }
}
