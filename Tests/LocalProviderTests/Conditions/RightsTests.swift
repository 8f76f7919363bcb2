import Diagnostics
import Planning
import ProviderKit
import TestSupport
import Testing
import Values
import WorkloadSpec

@testable import LocalProvider
@testable import Supervisor

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// What is refused before anything is done, because berth has not the right to it or the machine does not know it.
@Suite struct RightsTests {
  private static let unprivileged = OwnRights(user: 4321, group: 4321, groups: [4321, 99], capabilities: 0)
  private static let key = WorkloadKey(name: "shop")

  private func findings(
    _ rights: OwnRights, home: String = "/tmp/berth/local", _ change: (inout Service) -> Void
  )
    -> [Diagnostic]
  {
    let assessment = RightsAssessment(layout: Layout(home: home), key: Self.key, rights: rights)
    return Array(assessment.assess(.of(.script("api", "true", change))))
  }

  private func limit(_ name: String, _ soft: Int) -> Ulimit {
    var limit = Ulimit()
    (limit.name, limit.soft) = (name, soft)
    return limit
  }

  // MARK: Users

  @Test("Another user needs the right") func anotherUserNeedsTheRight() {
    let findings = findings(Self.unprivileged) { $0.user = "root" }
    #expect(findings.map(\.code) == [.missingRight])
    #expect(
      findings.first?.message
        == "service `api` runs as `root`, and berth has not the right to start a process as another user")
  }

  @Test("Oneself needs none", arguments: ["4321", "4321:4321", "4321:99"]) func oneselfNeedsNone(
    user: String
  ) throws {
    var service = Service.script("api", "true")
    service.user = user
    if user == "4321:99" {
      #expect(throws: IdentityProblem.notAllowed(user)) {
        try ProcessIdentity.needed(by: service, Self.unprivileged)
      }
    } else {
      #expect(try ProcessIdentity.needed(by: service, Self.unprivileged) == nil)
    }
  }

  @Test("Who is not known is said") func whoIsNotKnownIsSaid() {
    #expect(findings(.current) { $0.user = "no-such-user" }.map(\.code) == [.unknownAccount])
    #expect(findings(.current) { $0.user = "root:no-such-group" }.map(\.code) == [.unknownAccount])
    #expect(findings(.current) { $0.groups = ["no-such-group"] }.map(\.code) == [.unknownAccount])
  }

  @Test("Numbers and names are looked up") func numbersAndNamesAreLookedUp() throws {
    var rights = OwnRights.current
    rights.capabilities = .max
    var service = Service.script("api", "true")
    service.user = "54321:7"
    service.groups = ["9", "8"]
    #expect(
      try ProcessIdentity.needed(by: service, rights)
        == ProcessIdentity(user: 54321, group: 7, groups: [7, 8, 9]))
    service.user = "54321"
    service.groups = []
    #expect(
      try ProcessIdentity.needed(by: service, rights)
        == ProcessIdentity(user: 54321, group: 54321, groups: [54321]))
  }

  @Test("A user must reach its folder", .enabled(if: Rights.mayChangeUser)) func aUserMustReachItsFolder()
    throws
  {
    var template = Array("/tmp/berth-closed-XXXXXX".utf8CString)
    let base = try #require(mkdtemp(&template).map { String(cString: $0) })
    defer { try? Files.remove(base) }
    let closed = findings(.current, home: base + "/local") { $0.user = "54321" }
    #expect(closed.map(\.code) == [.missingRight])
    #expect(
      closed.first?.message
        == "service `api` runs as user 54321, who can't pass through \(base) to the service's folder")
    #expect(closed.first?.help?.hasSuffix("`chmod o+x \(base)`") == true)
    chmod(base, 0o711)
    #expect(findings(.current, home: base + "/local") { $0.user = "54321" }.isEmpty)
    #expect(
      findings(.current, home: base + "/not/there/local") { $0.user = "54321" }.map(\.code) == [.missingRight]
    )
  }

  @Test("Files are given away by root only") func filesAreGivenAwayByRootOnly() {
    var file = ConfigFile()
    (file.name, file.path, file.owner) = ("app", "/app", "0")
    var secret = SecretReference()
    (secret.key, secret.type, secret.as, secret.owner) = ("token", .file, "/token", "4321:99")
    let findings = findings(Self.unprivileged) { ($0.configFiles, $0.secrets) = ([file], [secret]) }
    #expect(
      findings.map(\.message) == [
        "the config file `app` of service `api` is to belong to `0`, and berth has not the right to give files away"
      ])
  }

  // MARK: Limits

  @Test("More than one has cannot be given") func moreThanOneHasCanNotBeGiven() {
    let findings = findings(Self.unprivileged) {
      $0.resources.ulimits = [limit("nofile", -1), limit("core", 0)]
      $0.resources.oomScore = -1000
      $0.resources.cpuset = "0,8000"
    }
    #expect(findings.map(\.code) == [.missingRight, .missingRight, .missingRight])
  }

  @Test("Not even root opens files without limit") func notEvenRootOpensFilesWithoutLimit() {
    var rights = OwnRights.current
    rights.capabilities = .max
    #expect(findings(rights) { $0.resources.ulimits = [limit("nofile", -1)] }.map(\.code) == [.missingRight])
    #expect(findings(rights) { $0.resources.ulimits = [limit("memlock", -1)] }.isEmpty)
  }

  // MARK: Capabilities

  @Test("A capability must be known and one's own") func aCapabilityMustBeKnownAndOnesOwn() {
    let unknown = findings(.current) { $0.security.capabilities.drop = ["NET_RAWW"] }
    #expect(unknown.map(\.code) == [.missingRight])
    #expect(unknown.first?.help == "did you mean `NET_RAW`?")
    let missing = findings(Self.unprivileged) { $0.security.capabilities.add = ["NET_ADMIN"] }
    #expect(
      missing.map(\.message) == ["service `api` adds the capability `NET_ADMIN`, which berth itself has not"])
  }

  // MARK: By the facts of the machine

  @Test("What the machine refuses is refused or recorded with the reason")
  func whatTheMachineRefusesIsRefusedOrRecordedWithTheReason() {
    let facts = EngineFacts(obstacles: [
      "network.mode": "there is no right to it", "hostname": "there is no right to it",
      "security.capabilities.add": "berth has no rights to give",
      "security.readOnlyRoot": "nothing can be mounted",
      "resources.pids": "there is no controller",
    ])
    var workload = Workload.of(
      .script("api", "true") {
        $0.network.mode = .none
        $0.hostname = "api"
        $0.security.capabilities.add = ["CHOWN"]
        $0.security.readOnlyRoot = true
        $0.resources.pids = 5
      })
    let findings = LocalFields.on(facts).findings(on: workload)
    #expect(
      findings.map { "\($0.code.rawValue) \($0.message)" } == [
        "E0634 service `api` is to be in no network, and there is no right to it",
        "W0601 `hostname` of `api` is only recorded: there is no right to it",
        "W0601 `security.readOnlyRoot` of `api` is only recorded: nothing can be mounted",
        "E0634 `security.capabilities.add` of `api` is refused here: berth has no rights to give",
        "W0601 `resources.pids` of `api` is only recorded: there is no controller",
      ])
    workload.services[0].network = ServiceNetwork()
    // What is only recorded is not asked of a supervisor.
    #expect(
      LocalFields.on(facts).table.untold(of: workload.services[0]).isSuperset(of: [
        "hostname", "resources.pids",
      ]))
  }

  @Test("What a process cannot have is refused with the reason")
  func whatAProcessCanNotHaveIsRefusedWithTheReason() {
    let workload = Workload.of(
      .script("api", "true") {
        $0.runtime = "runsc"
        $0.security.privileged = true
        $0.security.seccomp = "unconfined"
        var volume = Volume()
        (volume.name, volume.mountPath, volume.type) = ("media", "/media", .external)
        $0.volumes = [volume]
      })
    let findings = LocalFields.on(EngineFacts()).findings(on: workload)
    #expect(findings.map(\.code) == [.providerRefuses, .providerRefuses, .providerRefuses, .providerRefuses])
    #expect(findings.allSatisfy { !$0.message.hasSuffix("nothing") })
  }

  @Test("A check over the network reaches no service without one")
  func aCheckOverTheNetworkReachesNoServiceWithoutOne() {
    let workload = Workload.of(
      .script("api", "true") {
        $0.network.mode = .none
        $0.healthCheck = HealthCheck()
        $0.healthCheck?.port = 80
      })
    #expect(LocalFields.on(EngineFacts()).findings(on: workload).map(\.code) == [.providerRefuses])
  }

  // MARK: What older supervisors know

  @Test("An older supervisor is not asked for what it does not know")
  func anOlderSupervisorIsNotAskedForWhatItDoesNotKnow() async throws {
    try await withWorld { world in
      let plain = Workload.of(.script("api", "exec sleep 1000"))
      func needed(_ change: (inout Service) -> Void) throws -> Int64 {
        var workload = plain
        change(&workload.services[0])
        let builder = DefinitionBuilder(
          layout: world.layout, inherited: [], id: InstanceID(0), context: world.context(workload),
          workload: workload)
        let definition = try builder.definition(
          of: workload.services[0], ports: [], replacing: nil, isKeptStopped: false)
        let text = CanonicalJSON.compact(definition.json)
        #expect(CanonicalJSON.compact(try ServiceDefinition(json: try Value(json: text)).json) == text)
        #expect(
          try RunningDefinition(json: definition.running.json) == definition.running)
        return definition.neededVersion
      }
      let nothing = try needed { _ in }
      let memory = try needed { $0.resources.memory = ByteQuantity("64Mi") }
      #expect(nothing == SupervisorRequest.firstVersion && memory == SupervisorRequest.firstVersion)
      let changes: [(inout Service) -> Void] = [
        { $0.workingDir = "/srv" }, { $0.stopSignal = "SIGQUIT" }, { $0.hostname = "api" },
        { $0.network.mode = .none }, { $0.security.noNewPrivileges = true },
        { $0.security.readOnlyRoot = true },
        { $0.security.capabilities.drop = ["ALL"] }, { $0.security.capabilities.add = ["CHOWN"] },
        { $0.resources.ulimits = [limit("core", 0)] }, { $0.resources.oomScore = 5 },
        { $0.resources.cpuset = "0" },
        { $0.resources.pids = 5 }, { $0.resources.swap = ByteQuantity("1Mi") },
        { $0.resources.reservations.cpu = CPUQuantity("1") },
        { $0.resources.reservations.memory = ByteQuantity("1Mi") },
        {
          var volume = Volume()
          (volume.name, volume.mountPath, volume.type, volume.source) = ("media", "/media", .bind, "/tmp")
          volume.readOnly = true
          $0.volumes = [volume]
        },
        {
          var volume = Volume()
          (volume.name, volume.mountPath, volume.type, volume.mode) = ("cache", "/cache", .memory, "0700")
          volume.size = ByteQuantity("1Mi")
          $0.volumes = [volume]
        },
        {
          var file = ConfigFile()
          (file.name, file.path, file.owner) = ("app", "/app", "1:2")
          $0.configFiles = [file]
        },
      ]
      for (index, change) in changes.enumerated() {
        let version = try needed(change)
        #expect(version == SupervisorRequest.conditionsVersion, "change \(index)")
      }
      let counted = try needed { ($0.restart, $0.maxRestarts) = (.onFailure, 5) }
      #expect(counted == SupervisorRequest.maxRestartsVersion)
    }
  }
}
