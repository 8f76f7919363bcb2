import Planning
import Testing
import WorkloadSpec

@Suite struct FingerprintTests {
  private static let service: Service = {
    var service = Service()
    service.name = "api"
    service.command = ["/bin/api"]
    service.env = ["LEVEL": "info"]
    var port = Port()
    port.container = 8080
    service.ports = [port]
    return service
  }()

  private static let workload: Workload = {
    var workload = Workload()
    workload.name = "shop"
    workload.services = [service]
    return workload
  }()

  private static let observation = Observation(
    engine: EngineIdentity(provider: "simulated", id: "1"),
    instances: [
      ObservedInstance(
        id: InstanceID(0),
        services: [
          ObservedService(
            name: "api",
            stamp: Stamp(
              key: WorkloadKey(name: "shop"), instance: InstanceID(0), service: "api", run: RunID("r"),
              digest: SpecDigest("d")),
            state: .running, isReady: true, processID: 7, live: LiveService(spec: service))
        ])
    ])

  private func isSame(_ edit: (inout ObservedService) -> Void) -> Bool {
    var other = Self.observation
    edit(&other.instances[0].services[0])
    let workload = Self.workload
    return other.fingerprint(desired: workload, last: workload)
      == Self.observation.fingerprint(desired: workload, last: workload)
  }

  @Test("What is compared counts") func whatIsComparedCounts() {
    #expect(!isSame { $0.live.service.env["LEVEL"] = "debug" })
    #expect(!isSame { $0.live.service.env = [:] })
    #expect(!isSame { $0.live.service.command = ["/bin/other"] })
    #expect(!isSame { $0.live.service.ports = [] })
    #expect(!isSame { $0.secretDigests = ["env/TOKEN": "v1:1"] })
    #expect(!isSame { $0.imageMove = ImageMove(from: "sha256:1", to: "sha256:2") })
    #expect(!isSame { $0.live.unobservable = ["env"] })
    #expect(!isSame { $0.name = "other" })
  }

  @Test("What changes by itself, and what neither the spec nor the last release states, does not count")
  func whatChangesByItselfOrIsNobodysDoesNot() {
    #expect(
      isSame { service in
        (service.state, service.isReady, service.restarts, service.processID) = (.failed, false, 3, nil)
        service.stamp = Stamp(
          key: service.stamp.key, instance: service.stamp.instance, service: "api", run: RunID("other"),
          digest: SpecDigest("other"))
      })
    #expect(isSame { $0.live.service.env["ADDED"] = "by the engine" })
    #expect(isSame { $0.live.labels = ["added": "by the engine"] })
    #expect(
      isSame { service in
        var port = Port()
        port.container = 9000
        service.live.service.ports.append(port)
      })
  }

  @Test("What the spec will set counts") func whatTheSpecWillSetCounts() {
    var desired = Self.workload
    desired.services[0].env["ADDED"] = "by us"
    var other = Self.observation
    other.instances[0].services[0].live.service.env["ADDED"] = "by hand"
    #expect(
      other.fingerprint(desired: desired, last: Self.workload)
        != Self.observation.fingerprint(desired: desired, last: Self.workload))
  }

  @Test("Instances and volumes count") func instancesAndVolumesCount() {
    let whole = Self.observation.fingerprint(desired: Self.workload, last: nil)
    var other = Self.observation
    other.instances[0].isAlive = false
    #expect(other.fingerprint(desired: Self.workload, last: nil) != whole)
    other = Self.observation
    other.instances = []
    #expect(other.fingerprint(desired: Self.workload, last: nil) != whole)
    other = Self.observation
    other.volumes = [ObservedVolume(name: "data", type: .persistent)]
    #expect(other.fingerprint(desired: Self.workload, last: nil) != whole)
  }
}
