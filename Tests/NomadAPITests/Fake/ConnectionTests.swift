import NomadFake
import Testing
import Values
import Wire

@testable import NomadAPI

@Suite struct ConnectionTests {
  @Test("A client says what runs there", arguments: [(FakeVersion.v1_1, "1.1.2"), (.v1_10, "1.10.2")])
  func whatRunsThere(_ version: FakeVersion, _ text: String) async throws {
    let scene = try await Scene(version)
    defer { scene.stop() }
    #expect(scene.client.version?.description == text)
    #expect(scene.client.agent?.isServer == true && scene.client.agent?.region == "global")
    #expect(try await scene.client.cluster.regions() == ["global"])
    #expect(try await scene.client.cluster.leader() == "127.0.0.1:4647")
    #expect(try await scene.client.cluster.time() != nil)
    #expect(try await scene.client.cluster.namespaces().map(\.name) == ["default"])
    #expect(try await scene.client.nodes.datacenters() == ["dc1"])
  }

  @Test("A token that may not read the agent connects all the same") func aTokenThatMayNot() async throws {
    let cluster = FakeNomad(acl: true)
    cluster.addPolicy("jobs", #"namespace "default" { policy = "read" }"#)
    let secret = cluster.addToken(["jobs"])
    let agent = try await FakeAgent.listen(cluster)
    defer { agent.stop() }
    let client = try await NomadClient.connect(to: Scene.access(agent, token: secret))
    #expect(client.version == nil && client.agent == nil)
    #expect(try await client.jobs.list().value.isEmpty)
    #expect(cluster.requests.allSatisfy { $0.headers["x-nomad-token"] == secret })
  }

  @Test("A token that is none is refused at once", arguments: [FakeVersion.v1_1, .v1_10])
  func aTokenThatIsNone(_ version: FakeVersion) async throws {
    let cluster = FakeNomad(version: version, acl: true)
    let agent = try await FakeAgent.listen(cluster)
    defer { agent.stop() }
    do {
      let client = try await NomadClient.connect(to: Scene.access(agent, token: "wrong"))
      // Newer agents only say that it is denied.
      await #expect(throws: NomadError.self) { try await client.cluster.token() }
    } catch let error as NomadError {
      #expect(error.isForbidden)
    }
  }

  @Test("As whom requests are sent") func asWhom() async throws {
    let scene = try await Scene(acl: true)
    defer { scene.stop() }
    guard case .token(let info) = try await scene.client.cluster.token() else {
      Issue.record("there is no token")
      return
    }
    #expect(info.isManagement)
    scene.cluster.addPolicy("p", #"namespace "*" { policy = "read" } agent { policy = "read" }"#)
    let other = try await scene.client(token: scene.cluster.addToken(["p"], name: "ci"))
    guard case .token(let own) = try await other.cluster.token() else {
      Issue.record("there is no token")
      return
    }
    #expect(own.policies == ["p"] && own.name == "ci" && !own.isManagement)
    #expect(try await other.cluster.policy("p")?.rules.contains("read") == true)
    let denied = await #expect(throws: NomadError.self) { try await other.cluster.policy("q") }
    #expect(denied?.isForbidden == true)
    #expect(try await scene.client(token: nil).cluster.token() == .anonymous)
    let open = try await Scene()
    defer { open.stop() }
    #expect(try await open.client.cluster.token() == .aclDisabled)
  }

  @Test("Another program is none") func anotherProgram() async throws {
    let error = await #expect(throws: NomadError.self) {
      let access = NomadAccess(
        server: try ServerAddress("http://127.0.0.1:1", schemes: [.http]), source: "the target n")
      _ = try await NomadClient.connect(to: access)
    }
    #expect(error?.message.contains("can't be reached") == true)
    #expect(error?.help?.contains("the target n") == true)
  }

  @Test("A region is sent with each request") func aRegion() async throws {
    let cluster = FakeNomad()
    let agent = try await FakeAgent.listen(cluster)
    defer { agent.stop() }
    var access = try Scene.access(agent)
    access.region = "global"
    access.namespace = "default"
    let client = try await NomadClient.connect(to: access)
    _ = try await client.jobs.list()
    #expect(cluster.requests.allSatisfy { $0["region"] == "global" })
    #expect(cluster.requests.last?["namespace"] == "default")
  }
}
