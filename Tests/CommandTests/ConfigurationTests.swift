import Diagnostics
import ProviderContract
import ProviderKit
import Rendering
import Testing
import WorkloadSpec

@testable import BerthCommands

/// What berth.yaml may say.
@Suite struct ConfigurationTests {
  private static let registry: ProviderRegistry = {
    var registry = ProviderRegistry()
    registry.register("local", summary: "processes") { _ in SimulatedProvider() }
    registry.register("docker", summary: "containers", options: OptionsDeclaration(EngineTarget.self)) { _ in
      SimulatedProvider()
    }
    return registry
  }()

  /// What a target of an imaginary engine may say.
  private struct EngineTarget: SpecObject {
    var host: String?
    var retries = 3
    static let schema = ObjectSchema<EngineTarget>(
      "docker target", "An engine.",
      fields: [
        Field("host", \.host, "its address", rules: [.notEmpty]),
        Field("retries", \.retries, "how often it is asked again", rules: [.range(0...9)]),
      ])
  }

  private func read(_ text: String) throws -> Configuration {
    try ConfigurationReader.read(
      SourceFile(name: "berth.yaml", bytes: Array(text.utf8)), registry: Self.registry)
  }

  @Test("Everything that it may say") func everythingThatItMaySay() throws {
    let configuration = try read(
      """
      default: staging
      targets:
        staging:
          provider: docker
          host: unix:///var/run/docker.sock
          namespace: shop
          region: eu-west
          zone: rack-3
          namespaces: {shop: {maxInstances: 20}, till: {maxInstances: 0}}
          history: {releases: 7}
      webhook: {url: https://hooks.example.com/berth, secret: env:S, events: [failed, goingBack]}
      """)
    #expect(configuration.usualTarget == "staging")
    #expect(configuration.targetNames == ["local", "staging"])
    let staging = try configuration.target("staging")
    #expect(staging.provider == "docker" && staging.namespace == "shop")
    #expect(staging.region == "eu-west" && staging.zone == "rack-3")
    let own = staging.targetOptions(of: "staging").own(EngineTarget.self)
    #expect(own.host == "unix:///var/run/docker.sock" && own.retries == 3)
    #expect(staging.limit(of: "shop") == 20 && staging.limit(of: "till") == 0)
    #expect(staging.limit(of: "other") == nil)
    #expect(staging.history == HistoryLimits(releases: 7, runs: 200))
    #expect(staging.targetOptions(of: "staging").history.releases == 7)
    #expect(configuration.webhook?.url == "https://hooks.example.com/berth")
    #expect(configuration.webhook?.secret == "env:S")
    #expect(configuration.webhook?.events == [.failed, .goingBack])
  }

  @Test("Without targets there is the local one", arguments: ["", "targets: {}", "# nothing\n"])
  func withoutTargetsThereIsTheLocalOne(text: String) throws {
    let configuration = try read(text)
    #expect(configuration.usualTarget == "local" && configuration.targetNames == ["local"])
    #expect(try configuration.target("local").provider == "local")
    #expect(configuration.webhook == nil)
  }

  @Test(
    "A mistake is told with its place",
    arguments: [
      ("target: {}", "1:1", "did you mean `targets`?"),
      ("targets: [a]", "1:10", nil),
      ("targets: {a: {}}", "1:14", "add `provider`"),
      ("targets: {a: {provider: dokcer}}", "1:25", "did you mean `docker`?"),
      ("targets: {a: {provider: docker, hots: x}}", "1:33", "did you mean `host`?"),
      ("targets: {a: {provider: local, host: x}}", "1:32", "the keys are `provider`"),
      ("targets: {a: {provider: docker, host: [x]}}", "1:39", nil),
      ("targets: {a: {provider: docker, host: ''}}", "1:39", "write the text that is meant"),
      ("targets: {a: {provider: docker, retries: 10}}", "1:42", "between 0 and 9"),
      ("targets: {a: {provider: docker, retries: 1, retries: 2}}", "1:45", "delete one of the two"),
      ("targets: {a: {provider: docker, regoin: eu}}", "1:33", "did you mean `region`?"),
      ("targets: {a: {provider: docker, colour: red}}", "1:33", "the keys are `host`, `retries`"),
      ("targets: {a: {provider: local}, a: {provider: local}}", "1:33", "delete one of the two"),
      ("targets: {a: {provider: local, namespaces: {A_B: {}}}}", "1:45", "lower-case"),
      ("targets: {a: {provider: local, provider: local}}", "1:32", "delete one of the two"),
      ("targets: {a: {provider: local, namespace: A_B}}", "1:43", "lower-case"),
      (
        "targets: {a: {provider: local, namespaces: {b: {maxInstances: -1}}}}", "1:63", "it must be 0 or more"
      ),
      ("targets: {a: {provider: local, namespaces: {b: {max: 1}}}}", "1:49", "`maxInstances`"),
      ("targets: {a: {provider: docker, allow: [bnd]}}", "1:41", "did you mean `bind`?"),
      ("targets: {a: {provider: local, history: {releases: 1}}}", "1:52", "between 2 and 1000000"),
      ("targets: {a: {provider: local, history: {runs: many}}}", "1:48", "write digits only"),
      ("targets: {a: {provider: local, history: {release: 9}}}", "1:42", "did you mean `releases`?"),
      ("default: stagin\ntargets: {staging: {provider: local}}", "1:10", "did you mean `staging`?"),
      ("webhook: {secret: env:S}", "1:10", "add `url`"),
      ("webhook: {url: 'https://a.b/c'}", "1:10", "add `secret`"),
      ("webhook: {url: a.b/c, secret: env:S}", "1:16", "write it whole"),
      ("webhook: {url: 'ftp://a.b', secret: env:S}", "1:16", "write it whole"),
      ("webhook: {url: 'https://a.b', secret: env:S, events: [recorde]}", "1:55", "did you mean `recorded`?"),
      ("webhook: {url: 'https://a.b', secret: env:S, events: all}", "1:54", "write it as a list: `[all]`"),
    ] as [(String, String, String?)])
  func aMistakeIsToldWithItsPlace(text: String, place: String, help: String?) throws {
    let error = #expect(throws: DiagnosticError.self) { try read(text) }
    let diagnostics = try #require(error?.diagnostics)
    #expect(diagnostics.count == 1, "\(diagnostics.map(\.message))")
    let location = diagnostics.first?.location
    #expect(location.map { "\($0.line):\($0.column)" } == place)
    if let help { #expect(diagnostics.first?.help?.contains(help) == true) }
  }
}
