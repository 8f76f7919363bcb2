import Testing
import Wire

@testable import NomadAPI

@Suite struct AccessTests {
  private func resolve(
    _ options: NomadOptions = NomadOptions(), _ environment: [String: String] = [:]
  ) throws -> NomadAccess {
    try NomadAccess.resolve(options, environment: environment, source: "the target n")
  }

  @Test("Without anything, the agent of this machine is meant") func theAgentOfThisMachine() throws {
    let access = try resolve()
    #expect(access.server.description == "http://127.0.0.1:4646")
    #expect(access.namespace == "default")
    #expect(access.token == nil && access.region == nil && access.proxy == nil)
    #expect(access.trust.verifies)
  }

  @Test("The environment says what options leave out") func theEnvironment() throws {
    let environment = [
      "NOMAD_ADDR": "https://nomad.example.com:4646", "NOMAD_REGION": "eu", "NOMAD_NAMESPACE": "shop",
      "NOMAD_TOKEN": "s", "NOMAD_CACERT": "/ca.pem", "NOMAD_CLIENT_CERT": "/c.pem",
      "NOMAD_CLIENT_KEY": "/k.pem",
      "NOMAD_TLS_SERVER_NAME": "server.eu.nomad", "NOMAD_SKIP_VERIFY": "true", "HTTPS_PROXY": "http://p:3128",
    ]
    let access = try resolve(NomadOptions(), environment)
    #expect(access.server.description == "https://nomad.example.com:4646")
    #expect(access.region == "eu" && access.namespace == "shop" && access.token == "s")
    #expect(
      access.trust
        == ServerTrust(authorities: .file("/ca.pem"), serverName: "server.eu.nomad", verifies: false))
    #expect(access.certificate == .file("/c.pem") && access.key == .file("/k.pem"))
    #expect(access.proxy?.description == "http://p:3128")
    var options = NomadOptions()
    options.address = "http://10.0.0.1"
    options.namespace = "team"
    options.token = "t"
    options.verifies = true
    let other = try resolve(options, environment)
    #expect(other.server.description == "http://10.0.0.1:80")
    #expect(other.namespace == "team" && other.token == "t" && other.trust.verifies)
  }

  @Test(
    "What can't be used is named",
    arguments: [
      (["NOMAD_ADDR": "nomad.example.com"], "NOMAD_ADDR"),
      (["NOMAD_SKIP_VERIFY": "perhaps"], "NOMAD_SKIP_VERIFY"),
      (["NOMAD_CLIENT_CERT": "/c.pem"], "without its key"),
      (["NOMAD_CLIENT_KEY": "/k.pem"], "without its certificate"),
      (["NOMAD_NAMESPACE": "*"], "namespace"),
      (["HTTP_PROXY": "ftp://p", "NOMAD_ADDR": "http://10.0.0.1"], "HTTP_PROXY"),
    ])
  func whatCantBeUsedIsNamed(_ environment: [String: String], _ name: String) throws {
    let error = #expect(throws: NomadError.self) { try resolve(NomadOptions(), environment) }
    #expect(error?.message.contains(name) == true)
    #expect(error?.help?.isEmpty == false)
  }
}
