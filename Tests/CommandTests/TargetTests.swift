import Diagnostics
import ProviderContract
import ProviderKit
import Testing

@testable import BerthCommands

/// Targets whose engines answer, or do not.
@Suite struct TargetTests {
  private static let registry: ProviderRegistry = {
    var registry = ProviderRegistry()
    registry.register("local", summary: "one that answers") { _ in SimulatedProvider() }
    registry.register("silent", summary: "one that does not") { _ in
      SimulatedProvider(faults: FaultPlan([Fault(.hang, at: .info, times: 2)]))
    }
    registry.register("picky", summary: "one that does not like its options") { _ in
      throw DiagnosticError(Diagnostic(.badConfiguration, "it needs a `host`"))
    }
    return registry
  }()

  private static let configuration = Configuration(
    targets: [
      "lab": entry("local", region: "eu"), "far": entry("silent", zone: "z"), "odd": entry("picky"),
    ], defaultTarget: "lab")

  private static func entry(_ provider: String, region: String? = nil, zone: String? = nil) -> TargetEntry {
    var entry = TargetEntry()
    (entry.provider, entry.region, entry.zone) = (provider, region, zone)
    return entry
  }

  @Test("An engine that keeps silent is an error") func anEngineThatKeepsSilentIsAnError() async throws {
    let error = await #expect(throws: DiagnosticError.self) {
      try await Target(
        "far", in: Self.configuration, registry: Self.registry, within: .milliseconds(20)
      ).reached()
    }
    let diagnostic = try #require(error?.diagnostics.first)
    #expect(diagnostic.code == .engineUnreachable)
    #expect(
      diagnostic.message
        == "the target `far` can't be reached: the provider `simulated` did not answer within 0.02 seconds")
    #expect(diagnostic.help?.contains("`berth providers`") == true)
  }

  @Test("What looks at a silent engine meanwhile is not waited for") func lookingMeanwhile() async throws {
    let far = try Target(
      "far", in: Self.configuration, registry: Self.registry, within: .milliseconds(20))
    let (ends, end) = AsyncStream<Bool>.makeStream()
    let error = await #expect(throws: DiagnosticError.self) {
      try await far.looking {
        try? await Task.sleep(for: .seconds(600))
        end.yield(Task.isCancelled)
      }
    }
    #expect(error?.diagnostics.first?.code == .engineUnreachable)
    #expect(await ends.first { _ in true } == true)
    let lab = try Target("lab", in: Self.configuration, registry: Self.registry)
    #expect(try await lab.looking { 4 } == 4)
  }

  @Test("A target is what its entry says") func aTargetIsWhatItsEntrySays() throws {
    var configuration = Self.configuration
    configuration.targets["lab"]?.namespace = "shop"
    var shop = NamespaceEntry()
    shop.maxInstances = 3
    configuration.targets["lab"]?.namespaces["shop"] = shop
    let target = try Target("lab", in: configuration, registry: Self.registry)
    #expect(target.namespace == "shop" && target.limit != nil)
    let other = try Target("lab", namespace: "till", in: configuration, registry: Self.registry)
    #expect(other.namespace == "till" && other.limit == nil)
  }

  @Test("Every target has its row") func everyTargetHasItsRow() async throws {
    let probe = TargetProbe(registry: Self.registry, limit: .milliseconds(20))
    let names = Self.configuration.targetNames
    let targets = try await probe.ask(names, of: Self.configuration)
    #expect(targets.map(\.target) == ["far", "lab", "local", "odd"])
    #expect(targets.map(\.health) == [.unreachable, .healthy, .healthy, .unreachable])
    #expect(targets.map(\.isDefault) == [false, true, false, false])
    #expect(targets[0].message == "the provider `simulated` did not answer within 0.02 seconds")
    #expect(targets[0].latency == nil && targets[0].location == "z")
    #expect(targets[1].latency == .zero && targets[1].location == "memory")
    #expect(targets[3].message == "it needs a `host`")
  }

  @Test("The table is shown and read by programs") func theTableIsShownAndReadByPrograms() throws {
    let sandbox = try Sandbox()
    try sandbox.write("berth.yaml", "targets: {lab: {provider: local, region: eu, zone: rack-3}}\n")
    let text = try sandbox.berth("providers")
    #expect(text.status == 0 && text.output.contains("● local  local     healthy"), "\(text.output)")
    let json = try sandbox.berth("providers", "-t", "lab", "--format", "json").json
    #expect(json["targets"]?.list?.count == 1)
    #expect(json["targets"]?.list?.first?["location"] == "rack-3")
    let local = json["providers"]?.list?.first { $0["name"] == "local" }
    #expect(local?["capabilities"]?.list?.contains("deploy") == true)
    let unknown = try sandbox.berth("providers", "-t", "labb")
    #expect(unknown.status == 1 && unknown.errors.contains("did you mean `lab`?"))
    #expect(!sandbox.homeFiles().keys.contains { !$0.isEmpty })
  }
}
