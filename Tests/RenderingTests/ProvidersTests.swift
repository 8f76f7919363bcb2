import Rendering
import Testing
import Values

@Suite struct ProvidersTests {
  private let targets: [TargetStatus] = {
    var lab = TargetStatus(target: "lab", isDefault: true, provider: "local", message: "it can be written to")
    (lab.health, lab.latency) = (.healthy, .microseconds(250))
    (lab.region, lab.location, lab.version) = ("eu", "build-7", "Linux 6")
    let far = TargetStatus(
      target: "far", isDefault: false, provider: "docker", message: "it kept\u{7} silent")
    return [far, lab]
  }()
  private let providers = [
    KnownProvider(name: "docker", summary: "containers", capabilities: ["deploy", "logs"], options: ["host"])
  ]

  @Test("As text") func asText() {
    #expect(
      ProvidersText.render(targets, providers: providers, style: TextStyle()) == """
        TARGET  PROVIDER  HEALTH       LATENCY  REGION  LOCATION  NOTE
          far   docker    unreachable                             it kept\\u{07} silent
        ● lab   local     healthy      0.2 ms   eu      build-7

        PROVIDER  CAPABILITIES
        docker    deploy, logs

        """)
  }

  @Test("As JSON") func asJSON() throws {
    let json = try Value(json: ProvidersJSON.render(targets, providers: providers))
    #expect(json["targets"]?.list?.map { $0["health"] } == ["unreachable", "healthy"])
    #expect(json["targets"]?.list?.map { $0["latencyMicroseconds"] } == [.null, 250])
    #expect(json["targets"]?.list?.last?["isDefault"] == true)
    #expect(
      json["providers"]?.list == [
        ["name": "docker", "summary": "containers", "capabilities": ["deploy", "logs"], "options": ["host"]]
      ])
  }
}
