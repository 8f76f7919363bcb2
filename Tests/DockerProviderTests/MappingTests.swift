import DockerAPI
import Foundation
import HealthProbes
import Planning
import ProviderKit
import Secrets
import TestSupport
import Testing
import Values
import WorkloadSpec

@testable import DockerProvider

/// What is said to the engine, and what is read back of it.
@Suite struct MappingTests {
  private static let key = WorkloadKey(namespace: "team", name: "shop")

  /// A service with every field that the engine can tell.
  private static var service: Service {
    .idle("api") { service in
      service.args = ["--root=${root}/data"]
      service.env = ["LEVEL": "info", "DATA": "${root}/data"]
      service.resources.cpu = CPUQuantity("250m")
      service.resources.memory = ByteQuantity("64Mi")
      service.resources.gpu = 2
      service.ports = [port(80, host: 8080), port(90)]
      service.volumes = [volume("cache", .ephemeral), volume("data", .persistent)]
      service.healthCheck = HealthCheck()
      service.healthCheck?.command = ["/bin/check"]
      service.annotations = ["owner": "checkout"]
      service.restart = .onFailure
      service.maxRestarts = 5
      service.stopGrace = SpecDuration(milliseconds: 2500)
    }
  }

  private static func port(_ number: Int, host: Int? = nil) -> WorkloadSpec.Port {
    var port = WorkloadSpec.Port()
    port.container = number
    port.host = host
    return port
  }

  private static func volume(_ name: String, _ type: VolumeType) -> WorkloadSpec.Volume {
    var volume = WorkloadSpec.Volume()
    volume.name = name
    volume.mountPath = "/\(name)"
    volume.type = type
    return volume
  }

  private static func workload(_ service: Service) -> Workload {
    var workload = Workload.of(service)
    workload.labels = ["team": "checkout"]
    return workload
  }

  private static func builder(_ workload: Workload, secrets: [String: String] = [:]) -> ContainerBuilder {
    ContainerBuilder(
      workload: workload, id: InstanceID(0),
      context: ActionContext(
        key: key, desired: workload, run: RunID("run-1"), timeout: .seconds(1),
        secrets: secrets.mapValues { SecretValue(bytes: Array($0.utf8)) }, secretDigests: secrets),
      table: .standard)
  }

  /// A container as the engine would describe it, made of what it was asked for.
  private static func container(
    of service: Service, name: String = "team_shop_0_api", state: [String: Any] = [:],
    _ change: (inout [String: Any]) -> Void = { _ in }
  ) throws -> ContainerReader {
    let builder = builder(workload(service))
    let creation = try JSONEncoder().encode(try builder.container(of: service))
    var config = try #require(JSONSerialization.jsonObject(with: creation) as? [String: Any])
    let host = config.removeValue(forKey: "HostConfig") as Any
    var json: [String: Any] = [
      "Id": "0123", "Name": "/\(name)", "Created": "2026-11-21T00:00:00Z", "Image": "sha256:aa",
      "State": ["Status": "running", "Running": true].merging(state) { $1 }, "Config": config,
      "HostConfig": host, "NetworkSettings": [String: Any](),
    ]
    change(&json)
    let container = try JSONDecoder().decode(
      Container.self, from: JSONSerialization.data(withJSONObject: json))
    return ContainerReader(
      names: EngineNames(key: key), container: container, stamp: builder.stamp(of: service), service: service,
      table: .standard)
  }

  @Test("What was made is read back as it was stated") func whatWasMadeIsReadBackAsItWasStated() throws {
    let live = try Self.container(of: Self.service).live(configFiles: [])
    #expect(live.service == Self.service)
    #expect(live.labels == ["team": "checkout"])
    #expect(live.unobservable.isEmpty)
  }

  @Test("A service with nothing set is read back so") func aServiceWithNothingSetIsReadBackSo() throws {
    var service = Service()
    service.name = "api"
    service.image = "shop/api:1"
    // What the engine adds of the image's is nobody's.
    let live = try Self.container(of: service) { json in
      var config = json["Config"] as? [String: Any] ?? [:]
      config["Entrypoint"] = ["/entry"]
      config["Cmd"] = ["serve"]
      config["Env"] = ["PATH=/bin", "BERTH_ROOT=/"]
      config["Healthcheck"] = ["Test": ["CMD", "/of/the/image"]]
      config["ExposedPorts"] = ["9/tcp": [String: Any]()]
      json["Config"] = config
    }.live(configFiles: [])
    #expect(live.service == service)
  }

  @Test("What was changed by hand is seen") func whatWasChangedByHandIsSeen() throws {
    func edited(_ part: String, _ values: [String: Any]) throws -> Service {
      try Self.container(of: Self.service) { json in
        json[part] = (json[part] as? [String: Any] ?? [:]).merging(values) { $1 }
      }.live(configFiles: []).service
    }
    #expect(try edited("HostConfig", ["Memory": 128 << 20]).resources.memory == ByteQuantity("128Mi"))
    #expect(try edited("HostConfig", ["Memory": 0]).resources.memory == nil)
    #expect(try edited("HostConfig", ["NanoCpus": 1_000_000_000]).resources.cpu == CPUQuantity("1"))
    #expect(try edited("HostConfig", ["RestartPolicy": ["Name": "no"]]).restart == .never)
    #expect(try edited("HostConfig", ["RestartPolicy": ["Name": "always"]]).restart == .always)
    func counted(_ name: String, _ count: Int) throws -> Int? {
      try edited("HostConfig", ["RestartPolicy": ["Name": name, "MaximumRetryCount": count]]).maxRestarts
    }
    #expect(try counted("on-failure", 3) == 3)
    #expect(try counted("on-failure", 0) == nil && counted("always", 3) == nil)
    #expect(try edited("HostConfig", ["Mounts": [Any]()]).volumes == [])
    #expect(try edited("HostConfig", ["PortBindings": [String: Any]()]).ports == [])
    #expect(try edited("HostConfig", ["DeviceRequests": [Any]()]).resources.gpu == nil)
    #expect(try edited("Config", ["Image": "shop/api:2"]).image == "shop/api:2")
    #expect(try edited("Config", ["Entrypoint": ["/bin/other"]]).command == ["/bin/other"])
    #expect(try edited("Config", ["Cmd": ["--other"]]).args == ["--other"])
    #expect(try edited("Config", ["Env": ["LEVEL=debug"]]).env == ["LEVEL": "debug"])
    #expect(try edited("Config", ["Healthcheck": ["Test": ["NONE"]]]).healthCheck == nil)
    #expect(
      try edited("Config", ["Healthcheck": ["Test": ["CMD", "/other"], "Retries": 9]]).healthCheck?.retries
        == 9)
    #expect(try edited("Config", ["Labels": [String: String]()]).annotations == [:])
  }

  @Test(
    "Checks that berth makes keep the images own out",
    arguments: [HealthCheck.Probe.http(path: "/up", port: 80), .tcp(port: 80)])
  func checksThatBerthMakesKeepTheImagesOwnOut(probe: HealthCheck.Probe) throws {
    var service = Self.service
    var check = HealthCheck()
    check.port = 80
    if case .http(let path, _) = probe { check.path = path }
    service.healthCheck = check
    let made = try Self.builder(Self.workload(service)).container(of: service)
    #expect(made.config.healthcheck == HealthcheckConfig(test: ["NONE"]))
    #expect(try Self.container(of: service).live(configFiles: []).service.healthCheck == check)
  }

  @Test("What only berth reads is as the last release has it")
  func whatOnlyBerthReadsIsAsTheLastReleaseHasIt() throws {
    var made = Self.service
    made.healthCheck = nil
    var released = made
    released.dependsOn = ["db"]
    released.stopGrace = .seconds(60)
    released.resources.disk = ByteQuantity("1Gi")
    released.volumes[1].size = ByteQuantity("5Gi")
    released.healthCheck = HealthCheck()
    released.healthCheck?.port = 80
    let table = ContainerTable.standard
    #expect(table.current(made: made, released: released) == released)
    #expect(table.current(made: made, released: nil) == made)
    // What the engine was told differs: a later run has made it.
    released.env["LEVEL"] = "debug"
    #expect(table.current(made: made, released: released) == made)
    released.env = made.env
    released.healthCheck?.port = nil
    released.healthCheck?.command = ["/bin/check"]
    #expect(table.current(made: made, released: released) == made)
  }

  @Test("An init is not started again") func anInitIsNotStartedAgain() throws {
    var service = Self.service
    service.role = .`init`
    service.restart = .always
    #expect(ContainerFields.restartPolicy(of: service).name == "no")
    #expect(try Self.container(of: service).live(configFiles: []).service.restart == .always)
  }

  @Test("Secrets are in the environment and in no label") func secretsAreInTheEnvironmentAndInNoLabel() throws
  {
    var service = Self.service
    var secret = SecretReference()
    secret.key = "env:TOKEN"
    secret.as = "API_TOKEN"
    service.secrets = [secret]
    let made = try Self.builder(.of(service), secrets: ["env:TOKEN": "planted"]).container(of: service)
    #expect(made.config.environment?.contains("API_TOKEN=planted") == true)
    #expect(made.config.labels?[Label.secrets] == #"{"env/API_TOKEN":"planted"}"#)
    let stamped = (made.config.labels ?? [:]).filter { $0.key != Label.secrets }
    #expect(stamped.values.allSatisfy { !$0.contains("planted") })
    #expect(throws: ActionFailure.self) { try Self.builder(.of(service)).container(of: service) }
    #expect(throws: ActionFailure.self) {
      try Self.builder(.of(service), secrets: ["env:TOKEN": "a\0b"]).container(of: service)
    }
  }

  // MARK: States

  private struct StateCase: CustomStringConvertible {
    let description: String
    let engine: [String: any Sendable]
    var name = "team_shop_0_api"
    var role = Role.main
    let state: InstanceState
    var exitCode: Int?
    var isReady = false
  }

  private static let states: [StateCase] = [
    StateCase(description: "created", engine: ["Status": "created", "Running": false], state: .stopped),
    StateCase(
      description: "could not start",
      engine: ["Status": "created", "Running": false, "Error": "no such program"],
      state: .failed),
    StateCase(description: "runs", engine: ["Status": "running"], state: .running, isReady: true),
    StateCase(
      description: "just started", engine: ["Status": "running", "StartedAt": "2026-11-21T00:00:00Z"],
      state: .running),
    StateCase(description: "paused", engine: ["Status": "paused"], state: .running),
    StateCase(
      description: "starts again", engine: ["Status": "restarting", "ExitCode": 3], state: .starting,
      exitCode: 3),
    StateCase(
      description: "failed", engine: ["Status": "exited", "Running": false, "ExitCode": 137], state: .failed,
      exitCode: 137),
    StateCase(
      description: "ended", engine: ["Status": "exited", "Running": false, "ExitCode": 0], state: .stopped,
      exitCode: 0),
    StateCase(
      description: "stopped by operators", engine: ["Status": "exited", "Running": false, "ExitCode": 137],
      name: "team_shop_0_api.stopped", state: .stopped),
    StateCase(
      description: "an init that completed", engine: ["Status": "exited", "Running": false, "ExitCode": 0],
      role: .`init`, state: .stopped, exitCode: 0, isReady: true),
    StateCase(description: "going", engine: ["Status": "removing", "Running": false], state: .destroying),
  ]

  @Test("States are told", arguments: states.indices) func statesAreTold(index: Int) throws {
    let example = Self.states[index]
    var service = Service.idle("api")
    service.role = example.role
    let reader = try Self.container(of: service, name: example.name, state: example.engine)
    let now = try #require(EngineTime("2026-11-21T00:00:00.1Z").map { Timestamp($0) })
    #expect(reader.state == example.state, "\(example)")
    #expect(reader.exitCode == example.exitCode, "\(example)")
    #expect(reader.isReady(now: now, probe: nil) == example.isReady, "\(example)")
  }

  // MARK: Impact

  @Test(
    "Only limits and policies are changed in place",
    arguments: [
      (["resources.memory"], Impact.inPlace), (["resources.cpu", "restart"], .inPlace), (["env.A"], .replace),
      (["maxRestarts"], .inPlace),
      (["resources.memory", "annotations"], .replace), (["healthCheck.command"], .replace),
      (["on.docker.cpuShares"], .inPlace), (["on.docker.domainName"], .replace),
      (["volumes[data].on.docker.noCopy"], .replace),
    ])
  func onlyLimitsAndPoliciesAreChangedInPlace(paths: [String], impact: Impact) {
    let changes = paths.map {
      Change(path: $0, old: .absent, new: .value("1"), causes: [.spec], impact: .inPlace)
    }
    let statement = ContainerTable.standard.impact(of: ServiceChange(desired: .idle("api"), changes: changes))
    #expect(statement.impact == impact)
    #expect((statement.reason != nil) == (impact == .replace))
    let gone = Change(
      path: "resources.memory", old: .value("1"), new: .absent, causes: [.spec], impact: .inPlace)
    #expect(
      ContainerTable.standard.impact(of: ServiceChange(desired: .idle("api"), changes: [gone])).impact
        == .replace
    )
    let endless = Change(
      path: "maxRestarts", old: .value("1"), new: .absent, causes: [.spec], impact: .inPlace)
    #expect(
      ContainerTable.standard.impact(of: ServiceChange(desired: .idle("api"), changes: [endless])).impact
        == .inPlace)
  }

  @Test("What cannot be changed live of what is said on Docker is named")
  func whatCanNotBeChangedLiveOfWhatIsSaidOnDockerIsNamed() {
    let changes = ["on.docker.domainName", "env.A"].map {
      Change(path: $0, old: .absent, new: .value("1"), causes: [.spec], impact: .inPlace)
    }
    let statement = ContainerTable.standard.impact(of: ServiceChange(desired: .idle("api"), changes: changes))
    #expect(
      statement.reason
        == .canNotChange(
          fields: ["env", "on.docker.domainName"], engine: .init("Docker", makes: "container")))
  }

  // MARK: What only Docker knows

  @Test("What is said on Docker is written into the container")
  func whatIsSaidOnDockerIsWrittenIntoTheContainer() throws {
    var service = Service.idle("api")
    var volume = WorkloadSpec.Volume()
    (volume.name, volume.mountPath) = ("data", "/data")
    volume.on[DockerVolume.self].noCopy = true
    service.volumes = [volume]
    service.on[DockerService.self].domainName = "shop.test"
    service.on[DockerService.self].cpuShares = 512
    let creation = try Self.builder(Self.workload(service)).container(of: service)
    #expect(creation.config.domainName == "shop.test")
    #expect(creation.host.cpuShares == 512)
    #expect(creation.host.mounts?.first?.volumeOptions?.noCopy == true)
    #expect(ContainerTable.standard.update(of: service).cpuShares == 512)
    let bare = try Self.builder(Self.workload(.idle("api"))).container(of: .idle("api"))
    #expect(bare.config.domainName == nil && bare.host.cpuShares == nil)
  }

  @Test("Without control groups the weight is only recorded")
  func withoutControlGroupsTheWeightIsOnlyRecorded() throws {
    let table = ContainerTable.on(EngineFacts(cpuObstacle: "there are none")).table
    #expect(table["services.on.docker.cpuShares"]?.treatment == .recorded(because: "there are none"))
    var (workload, service) = (Workload(), Service.idle("api"))
    service.on[DockerService.self].cpuShares = 512
    workload.services = [service]
    #expect(
      table.notes(on: workload).map(\.message) == [
        "`on.docker.cpuShares` of `\(service.name)` is only recorded: there are none"
      ])
  }

  // MARK: What a plan says

  @Test("What an engine refuses is said before it is asked") func whatAnEngineRefusesIsSaidBeforeItIsAsked() {
    var workload = Workload.of(.idle("api"), .idle("proxy") { $0.role = .sidecar })
    #expect(ContainerTable.standard.findings(on: workload).isEmpty)
    workload.services[0].image = nil
    workload.services[0].resources.memory = ByteQuantity("1Mi")
    workload.services[0].resources.cpu = CPUQuantity("1")
    workload.services[1].resources.disk = ByteQuantity("1Gi")
    let findings = ContainerTable.on(EngineFacts(cpuObstacle: "there are no groups")).findings(on: workload)
    #expect(
      findings.map(\.message) == [
        "service `api` has no `image`, which containers are made from",
        "service `api` is limited to 1Mi of memory, which Docker refuses",
        "`resources.cpu` of `api` is only recorded: there are no groups",
        "`resources.disk` of `proxy` is only recorded: Docker limits no container's file system",
      ])
  }

  // MARK: Readiness

  @Test(
    "A service that was started is judged",
    arguments: [
      ("running", 0, 0, ReadinessWatch.Verdict.ready),
      ("exited", 3, 0, .failed("exited with code 3 before it was ready")),
      ("restarting", 3, 1, .pending("it exited with code 3, and is started again")),
      ("restarting", 3, 3, .failed("exited with code 3 before it was ready, 4 times")),
      ("running", 3, 3, .failed("ended before it was ready, 3 times")), ("created", 0, 0, .pending(nil)),
    ])
  func aServiceThatWasStartedIsJudged(
    status: String, code: Int, restarts: Int, verdict: ReadinessWatch.Verdict
  ) throws {
    let service = Service.idle("api")
    let container = try Self.container(of: service, state: ["Status": status, "ExitCode": code]).container
    #expect(
      ReadinessWatch.verdict(on: container, service, probe: nil, isSettled: true, restarts: restarts)
        == verdict)
  }

  @Test("A check decides where there is one") func aCheckDecidesWhereThereIsOne() throws {
    var service = Service.idle("api")
    service.healthCheck = HealthCheck()
    service.healthCheck?.port = 80
    let container = try Self.container(of: service).container
    func verdict(_ probe: ProbeResult?, isSettled: Bool) -> ReadinessWatch.Verdict {
      ReadinessWatch.verdict(on: container, service, probe: probe, isSettled: isSettled, restarts: 0)
    }
    #expect(verdict(ProbeResult(isHealthy: true, message: "up"), isSettled: false) == .ready)
    #expect(verdict(ProbeResult(isHealthy: false, message: "down"), isSettled: true) == .pending("down"))
    // Without a way to the service, a moment must do.
    #expect(verdict(nil, isSettled: false) == .pending(nil))
    #expect(verdict(nil, isSettled: true) == .ready)
  }

  @Test("A service that is not ready is asked at the pace of its check")
  func aServiceThatIsNotReadyIsAskedAtThePaceOfItsCheck() async throws {
    var check = HealthCheck()
    check.port = 80
    check.interval = SpecDuration(milliseconds: 120)
    var checks = ReadinessWatch.Checks(check)
    let start = ContinuousClock.now
    var asked: [Int] = []
    // A millisecond is a look; one process is followed by another.
    for moment in 0..<600 {
      let process = EngineTime(moment < 400 ? "2026-11-21T00:00:00Z" : "2026-11-21T00:00:01Z")
      let probe = try await checks.probe(process, at: start + .milliseconds(moment)) {
        asked.append(moment)
        return ProbeResult(isHealthy: false, message: "down")
      }
      #expect(probe?.isHealthy == false)
    }
    #expect(asked == [0, 50, 150, 270, 390, 400, 450, 550])
  }

  // MARK: Facts

  @Test("What an engine cannot limit it is not told") func whatAnEngineCannotLimitItIsNotTold() throws {
    let table = ContainerTable.on(EngineFacts(memoryObstacle: "it can't"))
    #expect(table.table["services.resources.memory"]?.treatment == .recorded(because: "it can't"))
    #expect(table.table["services.resources.cpu"]?.treatment == .enforced(.engine))
    #expect(table.update(of: Self.service).memory == nil)
    #expect(table.update(of: Self.service).nanoCPUs != nil)
    #expect(table.untold(of: Self.service).contains("resources.memory"))
    #expect(!ContainerTable.standard.untold(of: Self.service).contains("resources.memory"))
    #expect(EngineFacts(version: "1").compared == EngineFacts(version: "2").compared)
    #expect(EngineFacts(memoryObstacle: "it can't").compared != EngineFacts().compared)
  }

  // MARK: Users

  @Test(
    "Users are looked up",
    arguments: [
      ("1000", nil, FileOwner(user: 1000, group: 100)), ("app", nil, FileOwner(user: 1000, group: 100)),
      ("app", "staff", FileOwner(user: 1000, group: 50)), ("7", nil, FileOwner(user: 7, group: 0)),
      ("7", "8", FileOwner(user: 7, group: 8)), ("nobody", nil, nil), ("app", "nobody", nil),
    ])
  func usersAreLookedUp(user: String, group: String?, owner: FileOwner?) {
    #expect(
      FileOwner(
        user: user, group: group, passwd: "root:x:0:0::/:/bin/sh\napp:x:1000:100::/app:/bin/sh\n\nbroken\n",
        groups: "staff:x:50:\n") == owner)
  }

  // MARK: Routes

  @Test("A container is reached by its address or its published port")
  func aContainerIsReachedByItsAddressOrItsPublishedPort() throws {
    let container = try Self.container(of: Self.service) { json in
      json["NetworkSettings"] = [
        "Ports": ["80/tcp": [["HostIp": "0.0.0.0", "HostPort": "8080"]], "90/tcp": NSNull()],
        "Networks": ["team_shop_0": ["NetworkID": "0123456789abcdef", "IPAddress": "172.18.0.2"]],
      ]
    }
    let local = ProbeRoute(to: .standard)
    let remote = ProbeRoute(to: .tcp(host: "build", port: 2376, tls: nil))
    let bridge = { (name: String) in name == "br-0123456789ab" }
    #expect(
      local.place(of: 90, in: container.container, hasInterface: bridge)
        == ProbePlace(host: "172.18.0.2", port: 90))
    #expect(
      local.place(of: 80, in: container.container) { _ in false } == ProbePlace(host: "127.0.0.1", port: 8080)
    )
    #expect(local.place(of: 90, in: container.container) { _ in false } == nil)
    #expect(
      remote.place(of: 80, in: container.container, hasInterface: bridge)
        == ProbePlace(host: "build", port: 8080))
    #expect(
      container.endpoints(host: "build")
        == [Endpoint(containerPort: 80, transport: .tcp, hostAddress: "build", hostPort: 8080)])
  }
}
