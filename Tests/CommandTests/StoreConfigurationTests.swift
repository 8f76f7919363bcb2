import Diagnostics
import Planning
import ProviderContract
import ProviderKit
import Testing
import Values
import WorkloadSpec

@testable import BerthCommands

/// What berth.yaml may say of what keeps a target's history.
@Suite struct StoreConfigurationTests {
  /// A place that is no engine.
  private struct Shelf: StoreAddress {
    var shelf = ""
    var row = 1
    static let scheme = "shelf"
    init() {}
    init(address: String) { shelf = address }
    static func problem(with address: String) -> RuleProblem? {
      address.isEmpty ? RuleProblem("the shelf has no name", help: "write it as `shelf://name`") : nil
    }
    static let schema = ObjectSchema<Shelf>(
      "shelf", plural: "shelves", "A shelf.",
      fields: [
        Field("shelf", \.shelf, "which one", required: true, rules: [.notEmpty]),
        Field("row", \.row, "the row", rules: [.range(1...9)]),
      ])
  }

  /// Keeps the history of others in memory, and tells where it was asked for.
  private final class Keeper: StoreKeeper {
    let options: Shelf
    init(_ options: Shelf) { self.options = options }
    func connect() async throws {}
    func store(of engine: EngineIdentity, limits: HistoryLimits) async throws -> any ReleaseStore {
      MemoryStore()
    }
  }

  /// Lets everything through. What stands behind it keeps no history of others.
  private struct OpenGate: CallGate {
    func read<Result>(_ body: () async throws -> Result) async throws -> Result { try await body() }
    func effect<Result>(_ body: () async throws -> Result) async throws -> Result { try await body() }
  }

  private static let registry: ProviderRegistry = {
    var registry = ProviderRegistry()
    registry.register("local", summary: "processes") { SimulatedProvider(store: $0.store ?? MemoryStore()) }
    registry.register("docker", summary: "containers") { SimulatedProvider(store: $0.store ?? MemoryStore()) }
    registry.register("own", summary: "keeps its own") { target in
      GatedProvider(SimulatedProvider(store: target.store ?? MemoryStore()), gate: OpenGate())
    }
    registry.registerStore(Shelf.self, summary: "shelves") { Keeper($0.own(Shelf.self)) }
    return registry
  }()

  private func read(_ text: String) throws -> Configuration {
    try ConfigurationReader.read(
      SourceFile(name: "berth.yaml", bytes: Array(text.utf8)), registry: Self.registry)
  }

  private func store(_ target: String, _ text: String) throws -> NamedStore? {
    try read(text).makeProvider(target, from: Self.registry).store as? NamedStore
  }

  @Test(
    "A store is a target, an address or a mapping",
    arguments: [
      ("targets: {a: {provider: docker}}", nil), ("targets: {a: {provider: docker, store: }}", nil),
      ("targets: {a: {provider: docker, store: local}}", "the target `local`"),
      ("targets: {a: {provider: docker, store: b}, b: {provider: local}}", "the target `b`"),
      // The history of one whose store is another's is where that one's is.
      (
        "targets: {a: {provider: docker, store: b}, b: {provider: docker, store: local}}",
        "the target `local`"
      ),
      (
        "targets: {a: {provider: docker, store: b}, b: {provider: docker, store: shelf://x}}",
        "the shelf store of the target `a`"
      ),
      ("targets: {a: {provider: docker, store: shelf://x}}", "the shelf store of the target `a`"),
      ("targets: {a: {provider: docker, store: {shelf: x, row: 2}}}", "the shelf store of the target `a`"),
      // `local` may be named without berth.yaml saying what it is, and may be another thing.
      ("targets: {a: {provider: docker, store: local}, local: {provider: docker}}", "the target `local`"),
    ] as [(String, String?)])
  func aStoreIsATargetAnAddressOrAMapping(text: String, place: String?) throws {
    #expect(try store("a", text)?.place == place)
  }

  @Test("What is said of a place arrives") func whatIsSaidOfAPlaceArrives() throws {
    for (text, row) in [("shelf://x/y", 1), ("{shelf: x/y, row: 3}", 3)] {
      let entry = try read("targets: {a: {provider: docker, store: \(text)}}").target("a").store
      guard case .kind(let kind, let options) = entry?.place else {
        Issue.record("no kind of \(text)")
        continue
      }
      #expect(kind.scheme == "shelf")
      #expect((options as? Shelf)?.shelf == "x/y" && (options as? Shelf)?.row == row)
    }
  }

  @Test(
    "A mistake is told with its place",
    arguments: [
      (
        "targets: {a: {provider: docker, store: lokal}}", "1:40", DiagnosticCode.unknownStore,
        "did you mean `local`?"
      ),
      ("targets: {a: {provider: docker, store: ''}}", "1:40", .unknownStore, "it is one of `local`"),
      ("targets: {a: {provider: docker, store: a}}", "1:40", .storeCircle, "leave `store` out"),
      (
        "targets: {a: {provider: docker, store: b}, b: {provider: local, store: a}}", "1:40", .storeCircle,
        "leave `store` out of one"
      ),
      (
        "targets: {c: {provider: local, store: a}, a: {provider: docker, store: b}, b: {provider: local, store: a}}",
        "1:72", .storeCircle, nil
      ),
      ("targets: {a: {provider: docker, store: shelv://x}}", "1:40", .unknownStore, "did you mean `shelf`?"),
      (
        "targets: {a: {provider: docker, store: s4://x}}", "1:40", .unknownStore,
        "the name of a target, `shelf://…`"
      ),
      (
        "targets: {a: {provider: docker, store: 'shelf://'}}", "1:40", .unknownStore,
        "write it as `shelf://name`"
      ),
      ("targets: {a: {provider: docker, store: {row: 1}}}", "1:40", .unknownStore, "the key `shelf`"),
      (
        "targets: {a: {provider: docker, store: {shelf: x, rwo: 1}}}", "1:51", .unknownKey,
        "did you mean `row`?"
      ),
      ("targets: {a: {provider: docker, store: {shelf: x, row: 10}}}", "1:56", nil, "between 1 and 9"),
      ("targets: {a: {provider: docker, store: [local]}}", "1:40", nil, nil),
      ("targets: {a: {provider: docker, sotre: local}}", "1:33", .unknownKey, "did you mean `store`?"),
    ] as [(String, String, DiagnosticCode?, String?)])
  func aMistakeIsToldWithItsPlace(text: String, place: String, code: DiagnosticCode?, help: String?) throws {
    let error = #expect(throws: DiagnosticError.self) { try read(text) }
    let diagnostics = try #require(error?.diagnostics)
    #expect(diagnostics.count == 1, "\(diagnostics.map(\.message))")
    let location = diagnostics.first?.location
    #expect(location.map { "\($0.line):\($0.column)" } == place)
    if let code { #expect(diagnostics.first?.code == code) }
    if let help {
      #expect(diagnostics.first?.help?.contains(help) == true, "\(diagnostics.first?.help ?? "")")
    }
  }

  @Test("A target that keeps no history of others can't be named")
  func aTargetThatKeepsNoHistoryOfOthers() throws {
    let configuration = try read("targets: {a: {provider: docker, store: b}, b: {provider: own}}")
    let error = #expect(throws: DiagnosticError.self) {
      try configuration.makeProvider("a", from: Self.registry)
    }
    #expect(error?.diagnostics.first?.code == .noStoreThere)
    #expect(try configuration.makeProvider("b", from: Self.registry).store as? NamedStore == nil)
  }

  @Test("The schema and the reference have it") func theSchemaAndTheReferenceHaveIt() throws {
    let schema = ConfigurationFile.jsonSchema(Self.registry)
    let store = try #require(schema["$defs"]?["store"]?["oneOf"]?.list)
    #expect(store.count == 2 && store[0]["type"]?.string == "string")
    #expect(store[1]["properties"]?["row"] != nil)
    #expect(ConfigurationFile.reference(Self.registry).contains("## The keys of a shelf"))
  }
}
