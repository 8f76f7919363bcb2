import HealthChecks
import Planning
import ProviderKit
import Secrets
import Testing
import WorkloadSpec

/// What every provider hands to services, and how it is read back.
@Suite struct ServingTests {
  private static let texts = ServiceTexts(root: "/srv/api")
  private static let digestKey: [UInt8] = [1, 2, 3]

  private static func service(_ edit: (inout Service) -> Void = { _ in }) -> Service {
    var service = Service()
    service.name = "api"
    edit(&service)
    return service
  }

  private static func secret(_ key: String, _ type: SecretType, as name: String) -> SecretReference {
    var reference = SecretReference()
    (reference.key, reference.type, reference.as) = (key, type, name)
    return reference
  }

  private static func file(_ content: String) -> ConfigFile {
    var file = ConfigFile()
    (file.name, file.path, file.content) = ("app", "/etc/app.conf", content)
    return file
  }

  private static func context(
    _ secrets: [String: [UInt8]] = [:], digestKey: [UInt8]? = digestKey
  ) -> ActionContext {
    ActionContext(
      key: WorkloadKey(namespace: "till", name: "shop"), desired: nil, run: RunID("run-1"),
      timeout: .seconds(1), secrets: secrets.mapValues { SecretValue(bytes: $0) },
      secretDigests: secrets.mapValues { "\($0.count) bytes" }, digestKey: digestKey)
  }

  private static func environment(
    of service: Service, inherited: [String] = [], secrets: [String: [UInt8]] = [:]
  ) throws -> ServiceEnvironment {
    try ServiceEnvironment(
      of: service, in: InstanceID(2), inherited: inherited, ports: [(8080, 20_001), (53, 20_002)],
      texts: texts, root: "/srv/api", context(secrets))
  }

  // MARK: The environment

  @Test("What comes later wins") func whatComesLaterWins() throws {
    let service = Self.service {
      $0.env = ["PATH": "/opt", "PORT_53": "own", "HOME": "${root}/home", "BERTH_SERVICE": "other"]
    }
    let environment = try Self.environment(
      of: service, inherited: ["PATH=/bin", "LANG=C", "odd"])
    #expect(
      environment.plain == [
        "PATH": "/opt", "LANG": "C", "PORT": "20001", "PORT_8080": "20001",
        "PORT_53": "own", "HOME": "/srv/api/home", "BERTH_ROOT": "/srv/api", "BERTH_NAMESPACE": "till",
        "BERTH_WORKLOAD": "shop", "BERTH_INSTANCE": "2", "BERTH_SERVICE": "api",
      ])
    #expect(environment.secret.isEmpty)
  }

  @Test("What holds a secret is not among the others") func whatHoldsASecretIsNotAmongTheOthers() throws {
    let service = Self.service {
      $0.env = ["URL": "db://${secret.db}@${root}", "TOKEN": "plain", "BERTH_ROOT": "${secret.db}"]
      $0.secrets = [
        Self.secret("token", .env, as: "TOKEN"), Self.secret("cert", .file, as: "/etc/cert"),
      ]
    }
    let environment = try Self.environment(
      of: service, inherited: ["URL=old"],
      secrets: ["db": Array("pw".utf8), "token": [0xFF], "cert": [1]])
    #expect(environment.secret.map(\.name) == ["TOKEN", "URL"])
    #expect(environment.secret.map(\.value.bytes) == [[0xFF], Array("db://pw@/srv/api".utf8)])
    #expect(environment.plain["URL"] == nil && environment.plain["TOKEN"] == nil)
    #expect(environment.plain["BERTH_ROOT"] == "/srv/api")
  }

  @Test("A secret that cannot be handed over is said") func aSecretThatCanNotBeHandedOverIsSaid() {
    let service = Self.service { $0.secrets = [Self.secret("token", .env, as: "TOKEN")] }
    let missing = #expect(throws: ActionFailure.self) { try Self.environment(of: service) }
    #expect(missing?.message == "the secret `token` has no value")
    let null = #expect(throws: ActionFailure.self) {
      try Self.environment(of: service, secrets: ["token": [65, 0]])
    }
    #expect(null?.message == "the secret in `TOKEN` holds a null character, which no variable can hold")
  }

  @Test(
    "A variable is read back as it was stated",
    arguments: [
      ("info", ["LEVEL=info"], true, "info"), ("${root}/x", ["LEVEL=/srv/api/x"], true, "${root}/x"),
      ("info", ["LEVEL=debug"], true, "debug"), ("info", ["LEVEL=a", "LEVEL=info"], true, "info"),
      ("info", ["OTHER=info"], true, nil), ("${secret.a}", ["LEVEL=anything"], true, "${secret.a}"),
      ("${secret.a}", [], true, nil), ("${secret.a}", [], false, "${secret.a}"),
      ("$${secret.a}", ["LEVEL=${secret.a}"], true, "$${secret.a}"),
    ] as [(String, [String], Bool, String?)])
  func aVariableIsReadBackAsItWasStated(
    _ stated: String, _ actual: [String], _ tellsSecrets: Bool, _ live: String?
  ) {
    let environment = Self.texts.environment(actual, stated: ["LEVEL": stated], tellsSecrets: tellsSecrets)
    #expect(environment["LEVEL"] == live)
    #expect(environment.entries.count == (live == nil ? 0 : 1))
  }

  // MARK: Files

  @Test("Files are handed over by what they are for") func filesAreHandedOverByWhatTheyAreFor() throws {
    let service = Self.service {
      $0.configFiles = [Self.file("root = ${root}\n")]
      $0.secrets = [
        Self.secret("token", .file, as: "/etc/token"), Self.secret("token", .env, as: "TOKEN"),
        Self.secret("token", .registry, as: "ghcr.io"),
      ]
    }
    let files = try Self.context(["token": [1, 2]]).files(of: service, Self.texts)
    #expect(
      files == [
        GivenFile("/etc/app.conf", Array("root = /srv/api\n".utf8), .config),
        GivenFile("/etc/token", [1, 2], .secret),
      ])
    #expect(files.map(\.isSecret) == [false, true])
    let sealed = Self.service { $0.configFiles = [Self.file("token = ${secret.token}\n")] }
    #expect(
      try Self.context(["token": [65]]).files(of: sealed, Self.texts) == [
        GivenFile("/etc/app.conf", Array("token = A\n".utf8), .secret)
      ])
    #expect(throws: ActionFailure.self) { try Self.context().files(of: sealed, Self.texts) }
  }

  @Test("A config file with secrets is sealed") func aConfigFileWithSecretsIsSealed() {
    let file = Self.file("token = ${secret.token}\n")
    let service = Self.service { $0.configFiles = [file] }
    let digests = Self.context(["token": [65]]).stampedDigests(of: service, Self.texts)
    let seal = digests[file.sealName]
    #expect(digests.count == 2 && seal != nil)
    let given = Array("token = A\n".utf8)
    #expect(file.isSealed(given, by: seal, Self.digestKey) == true)
    #expect(file.isSealed(given + [32], by: seal, Self.digestKey) == false)
    #expect(file.isSealed(given, by: seal, [9]) == false)
    #expect(file.isSealed(given, by: nil, Self.digestKey) == nil)
    #expect(file.isSealed(given, by: seal, nil) == nil)
    // Without a key or a value there is nothing to seal.
    #expect(Self.context(["token": [65]], digestKey: nil).stampedDigests(of: service, Self.texts).count == 1)
    #expect(Self.context().stampedDigests(of: service, Self.texts).isEmpty)
  }

  @Test("A config file is read back as it was stated") func aConfigFileIsReadBackAsItWasStated() {
    let plain = Self.file("root = ${root}\n")
    #expect(Self.texts.live(plain, holding: Array("root = /srv/api\n".utf8), isSealed: true) == plain)
    let changed = Self.texts.live(plain, holding: Array("root = /\n".utf8), isSealed: true)
    #expect(changed.content == "root = /\n")
    let secret = Self.file("token = ${secret.token}\n")
    #expect(Self.texts.live(secret, holding: [65], isSealed: true) == secret)
    #expect(Self.texts.live(secret, holding: [65], isSealed: false).content == ConfigFile.withheldContent)
  }

  // MARK: Readiness

  @Test("What is said of a service that is not ready in time") func whatIsSaidOfAServiceThatIsNotReadyInTime()
  {
    let job = Self.service { $0.role = .`init` }
    #expect(
      Readiness.missed(by: Self.service(), within: .seconds(90), last: nil) == "was not ready within 1m30s")
    #expect(
      Readiness.missed(by: job, within: .seconds(1), last: "it waits")
        == "did not complete within 1s: it waits")
  }
}
