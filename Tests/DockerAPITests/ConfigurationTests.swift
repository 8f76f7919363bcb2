import DockerAPI
import Foundation
import Testing

@Suite struct ConfigurationTests {
  /// A folder with files, by their paths.
  private static func withFolder(
    _ files: [String: String], _ body: (_ folder: String) async throws -> Void
  ) async throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "berth-config-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    for (path, text) in files {
      let file = folder.appending(path: path)
      try FileManager.default.createDirectory(
        at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
      try text.write(to: file, atomically: true, encoding: .utf8)
      try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: file.path)
    }
    try await body(folder.path)
  }

  // MARK: Endpoints

  @Test("The first that is given decides") func theFirstThatIsGivenDecides() async throws {
    let meta =
      #"{"Name":"build","Metadata":{},"Endpoints":{"docker":{"Host":"ssh://me@build","SkipTLSVerify":false}}}"#
    let files = [
      "config.json": #"{"currentContext":"build"}"#, "contexts/meta/\(Self.id("build"))/meta.json": meta,
    ]
    try await Self.withFolder(files) { folder in
      let environment = ["DOCKER_CONFIG": folder]
      let build = DockerEndpoint.ssh(try SSHDestination(user: "me", host: "build"))
      #expect(try DockerEndpoint.resolve(environment: environment) == build)
      #expect(try DockerEndpoint.resolve(context: "default", environment: environment) == .standard)
      let host = environment.merging(["DOCKER_HOST": "tcp://engine:2375"]) { $1 }
      #expect(try DockerEndpoint.resolve(environment: host) == .tcp(host: "engine", port: 2375, tls: nil))
      #expect(try DockerEndpoint.resolve(context: "build", environment: host) == build)
      #expect(try DockerEndpoint.resolve(host: "unix:///a", environment: host) == .unix(path: "/a"))
      let other = environment.merging(["DOCKER_CONTEXT": "default", "DOCKER_HOST": ""]) { $1 }
      #expect(try DockerEndpoint.resolve(environment: other) == .standard)
      #expect(throws: DockerError.self) {
        try DockerEndpoint.resolve(host: "unix:///a", context: "build", environment: environment)
      }
      #expect {
        try DockerEndpoint.resolve(context: "none", environment: environment)
      } throws: { "\($0)" == "there is no docker context \"none\"" }
    }
    #expect(try DockerEndpoint.resolve(environment: ["HOME": "/nowhere"]) == .standard)
  }

  @Test("Files make a connection safe") func filesMakeAConnectionSafe() async throws {
    let meta = #"{"Name":"prod","Endpoints":{"docker":{"Host":"tcp://engine","SkipTLSVerify":false}}}"#
    let id = Self.id("prod")
    let files = [
      "contexts/meta/\(id)/meta.json": meta, "contexts/tls/\(id)/docker/ca.pem": "",
      "contexts/tls/\(id)/docker/key.pem": "",
      "certs/ca.pem": "", "certs/cert.pem": "", "certs/key.pem": "",
    ]
    try await Self.withFolder(files) { folder in
      let tls = "\(folder)/contexts/tls/\(id)/docker"
      let context = try DockerEndpoint.resolve(context: "prod", environment: ["DOCKER_CONFIG": folder])
      let authenticated = DockerTLS(authority: "\(tls)/ca.pem", key: "\(tls)/key.pem")
      #expect(context == .tcp(host: "engine", port: 2376, tls: authenticated))
      let certs = DockerTLS(
        authority: "\(folder)/certs/ca.pem", certificate: "\(folder)/certs/cert.pem",
        key: "\(folder)/certs/key.pem",
        verifies: false)
      var environment = ["DOCKER_HOST": "tcp://engine", "DOCKER_CERT_PATH": "\(folder)/certs"]
      #expect(
        try DockerEndpoint.resolve(environment: environment) == .tcp(host: "engine", port: 2376, tls: certs))
      environment["DOCKER_TLS_VERIFY"] = "1"
      var verified = certs
      verified.verifies = true
      #expect(
        try DockerEndpoint.resolve(environment: environment)
          == .tcp(host: "engine", port: 2376, tls: verified))
      environment["DOCKER_CERT_PATH"] = nil
      environment["DOCKER_CONFIG"] = "\(folder)/certs"
      #expect(
        try DockerEndpoint.resolve(environment: environment)
          == .tcp(host: "engine", port: 2376, tls: verified))
    }
  }

  @Test(
    "What is damaged is named",
    arguments: [
      ("config.json", "{", "config.json"), ("config.json", #"{"auths":5}"#, "auths"),
      ("contexts/meta/\(ConfigurationTests.id("x"))/meta.json", "{}", "Endpoints"),
      (
        "contexts/meta/\(ConfigurationTests.id("x"))/meta.json", #"{"Endpoints":{"kubernetes":{}}}"#,
        "names no Docker engine"
      ),
      (
        "contexts/meta/\(ConfigurationTests.id("x"))/meta.json", #"{"Endpoints":{"docker":{"Host":"x"}}}"#,
        "\"x\""
      ),
    ])
  func whatIsDamagedIsNamed(_ path: String, text: String, reason: String) async throws {
    try await Self.withFolder([path: text]) { folder in
      let error = #expect(throws: DockerError.self) {
        try DockerEndpoint.resolve(context: "x", environment: ["DOCKER_CONFIG": folder])
      }
      #expect(error?.message.contains(reason) == true, "\(error?.message ?? "")")
    }
  }

  /// The folder of a context: `printf NAME | sha256sum`.
  static func id(_ name: String) -> String {
    switch name {
    case "build": "44575cf5b28512d75644bf54a517dcef304ff809fd511747621b4d64f19aac66"
    case "prod": "6754af9632a2745e85c293e5aac0863370d9bd3330b9938c00cadfd215227d77"
    default: "2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881"
    }
  }

  // MARK: Registries and credentials

  @Test(
    "Names of images tell their registry",
    arguments: [
      ("busybox", "docker.io"), ("busybox:1", "docker.io"), ("shop/api", "docker.io"),
      ("docker.io/shop/api", "docker.io"),
      ("index.docker.io/shop/api", "docker.io"), ("localhost/api", "localhost"),
      ("localhost:5000/api", "localhost:5000"),
      ("registry.example.com/shop/api@sha256:ab", "registry.example.com"), ("localhost", "docker.io"),
      ("host.name:1", "docker.io"),
    ])
  func namesOfImagesTellTheirRegistry(_ image: String, registry: String) {
    #expect(RegistryName(image: image).description == registry)
  }

  @Test("Credentials are found under any spelling") func credentialsAreFoundUnderAnySpelling() async throws {
    let config = #"""
      {"auths": {
        "https://index.docker.io/v1/": {"auth": "bWU6c2VjcmV0OndpdGg6Y29sb25z"},
        "https://plain.example.com/v2/": {"username": "me", "password": "plain"},
        "token.example.com:5000": {"auth": "", "identitytoken": "abc"},
        "empty.example.com": {},
        "bad.example.com": {"auth": "%%%"}
      }}
      """#
    try await Self.withFolder(["config.json": config]) { folder in
      let docker = try DockerConfig.load(environment: ["DOCKER_CONFIG": folder])
      func credentials(_ image: String) async throws -> RegistryCredentials? {
        try await docker.credentials(for: RegistryName(image: image), environment: [:])
      }
      #expect(
        try await credentials("busybox")
          == RegistryCredentials(
            user: "me", password: "secret:with:colons", registry: "https://index.docker.io/v1/"))
      #expect(
        try await credentials("plain.example.com/api")
          == RegistryCredentials(user: "me", password: "plain", registry: "plain.example.com"))
      #expect(
        try await credentials("token.example.com:5000/api")
          == RegistryCredentials(
            user: "", password: "", identityToken: "abc", registry: "token.example.com:5000"))
      #expect(try await credentials("empty.example.com/api") == nil)
      #expect(try await credentials("none.example.com/api") == nil)
      let error = await #expect(throws: DockerError.self) { try await credentials("bad.example.com/api") }
      #expect(error?.help?.contains("docker login bad.example.com") == true)
    }
    #expect(
      try await DockerConfig.load(environment: ["HOME": "/nowhere"]).credentials(for: .hub, environment: [:])
        == nil)
  }

  @Test("Helpers are asked") func helpersAreAsked() async throws {
    let helper = #"""
      #!/bin/sh
      read -r server
      case "$1 $server" in
        "get https://index.docker.io/v1/") echo '{"ServerURL":"x","Username":"me","Secret":"s"}' ;;
        "get token.example.com") echo '{"ServerURL":"x","Username":"<token>","Secret":"t"}' ;;
        "get nonsense.example.com") echo 'hello' ;;
        "get broken.example.com") echo 'the store is locked'; exit 1 ;;
        *) echo 'credentials not found in native keychain'; exit 1 ;;
      esac
      """#
    let config = #"""
      {"credsStore": "store", "credHelpers": {"other.example.com": "missing", "bad.example.com": "../store"},
       "auths": {"kept.example.com": {"auth": "bWU6a2VwdA=="}}}
      """#
    try await Self.withFolder(["config.json": config, "bin/docker-credential-store": helper]) { folder in
      let environment = ["DOCKER_CONFIG": folder, "PATH": "\(folder)/bin:/usr/bin:/bin"]
      let docker = try DockerConfig.load(environment: environment)
      func credentials(_ image: String) async throws -> RegistryCredentials? {
        try await docker.credentials(for: RegistryName(image: image), environment: environment)
      }
      #expect(try await credentials("busybox")?.password == "s")
      #expect(try await credentials("token.example.com/api")?.identityToken == "t")
      #expect(try await credentials("none.example.com/api") == nil)
      #expect(try await credentials("kept.example.com/api")?.password == "kept")
      for (image, reason) in [
        ("nonsense.example.com/api", "makes no sense"), ("broken.example.com/api", "the store is locked"),
        ("other.example.com/api", "docker-credential-missing can't be run"),
        ("bad.example.com/api", "a name that is none"),
      ] {
        let error = await #expect(throws: DockerError.self) { try await credentials(image) }
        #expect(error?.message.contains(reason) == true, "\(error?.message ?? "")")
      }
    }
  }

  @Test("Credentials are not printed") func credentialsAreNotPrinted() {
    let credentials = RegistryCredentials(user: "me", password: "planted", identityToken: nil, registry: "r")
    #expect(!"\(credentials)".contains("planted"))
    #expect(!String(reflecting: credentials).contains("planted"))
    #expect(!"\([credentials])".contains("planted"))
  }
}
