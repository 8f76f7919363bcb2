import DockerAPI
import Testing

@Suite struct EndpointTests {
  @Test(
    "Reads addresses",
    arguments: [
      ("unix:///var/run/docker.sock", DockerEndpoint.unix(path: "/var/run/docker.sock")),
      ("tcp://10.0.0.5:2376", .tcp(host: "10.0.0.5", port: 2376, tls: nil)),
      ("tcp://engine.example.com", .tcp(host: "engine.example.com", port: 2375, tls: nil)),
      ("tcp://[fd00::1]:2375", .tcp(host: "fd00::1", port: 2375, tls: nil)),
      ("tcp://:2375/", .tcp(host: "127.0.0.1", port: 2375, tls: nil)),
      ("ssh://build", .ssh(try! SSHDestination(host: "build"))),
      ("ssh://deploy@build:2222", .ssh(try! SSHDestination(user: "deploy", host: "build", port: 2222))),
    ])
  func readsAddresses(_ host: String, endpoint: DockerEndpoint) throws {
    #expect(try DockerEndpoint(host: host) == endpoint)
    // What it says of itself leads to the same place.
    #expect(try DockerEndpoint(host: endpoint.description) == endpoint)
  }

  @Test("TLS has a port of its own") func tlsHasAPortOfItsOwn() throws {
    let tls = DockerTLS(authority: "ca.pem")
    #expect(try DockerEndpoint(host: "tcp://engine", tls: tls) == .tcp(host: "engine", port: 2376, tls: tls))
  }

  @Test(
    "Refuses what is no address",
    arguments: [
      ("", "does not start with"), ("/var/run/docker.sock", "does not start with"),
      ("http://localhost:2375", "does not start with"), ("npipe:////./pipe/docker_engine", "Windows"),
      ("unix://docker.sock", "not absolute"), ("tcp://host:port", "port"), ("tcp://host:0", "port"),
      ("tcp://host:70000", "port"), ("tcp://me@host", "no user"), ("tcp://host/path", "path"),
      ("tcp://[fd00::1", "missing"), ("ssh://", "name of a machine"),
      ("ssh://-oProxyCommand=x", "option of ssh"),
      ("ssh://-l@host", "option of ssh"), ("ssh://@host", "option of ssh"),
      ("ssh://me:secret@host", "no password"),
    ])
  func refusesWhatIsNoAddress(_ host: String, reason: String) {
    let error = #expect(throws: DockerError.self) { try DockerEndpoint(host: host) }
    #expect(error?.message.contains(reason) == true, "\(error?.message ?? "")")
    #expect(error?.message.contains("secret") != true)
  }
}
