import Diagnostics
import Testing

@testable import WorkloadSpec

/// What stands under `on`: it is read by what engines declare, and kept as plain data.
@Suite struct EngineBlockTests {
  /// What only an engine called `crane` knows of a service.
  struct CraneService: EngineObject {
    var priority = 5
    var hook: String?
    var speed: SpecDuration?
    var words: StringSet = []
    static let engine = "crane"
    static let place = EnginePlace.service
    static let schema = ObjectSchema<CraneService>(
      "crane service", "What only crane knows of a service.", synonyms: ["prio": "priority"],
      fields: [
        Field("priority", \.priority, "who goes first", impact: .inPlace, rules: [.range(0...10)]),
        Field("hook", \.hook, "what it hangs from", impact: .replace, rules: [.notEmpty]),
        Field("speed", \.speed, "how fast it is", impact: .restart),
        Field("words", \.words, "what it says", impact: .inPlace),
      ])
  }

  struct CraneVolume: EngineObject {
    var tier: String?
    static let engine = "crane"
    static let place = EnginePlace.volume
    static let schema = ObjectSchema<CraneVolume>(
      "crane volume", "What only crane knows of a volume.",
      fields: [Field("tier", \.tier, "what it lies on", impact: .replace)])
  }

  static let crane = EngineFields("crane", CraneService.self, CraneVolume.self)
  static let engines = [crane, EngineFields("raft")]

  private func read(_ layers: String..., variables: [String: String] = [:]) -> Loaded {
    let options = LoadOptions(variables: variables, engines: Self.engines)
    return Loaded(
      result: WorkloadLoader.load(
        layers: layers.enumerated().map { [SourceFile(name: "\($0.offset)", text: $0.element)] },
        options: options))
  }

  private func read(on block: String) -> Loaded {
    read("name: shop\nservices:\n  - name: api\n    image: a:1\n    on: \(block)\n")
  }

  // MARK: Reading

  @Test("A block is kept in canonical form") func aBlockIsKeptInCanonicalForm() {
    let loaded = read(on: "{crane: {words: [b, a], speed: 60s, priority: 3}}")
    #expect(loaded.problems == [], "\(loaded.messages)")
    #expect(
      loaded.workload?.services[0].on["crane"] == ["priority": 3, "speed": "1m", "words": ["a", "b"]],
      "\(String(describing: loaded.workload?.services[0].on))")
    let service = loaded.workload?.services[0].on[CraneService.self]
    #expect(service?.priority == 3 && service?.speed == .seconds(60))
  }

  @Test(
    "A block that says nothing is none",
    arguments: [
      "{}", "{crane: {}}", "{crane: null}", "{crane: {priority: 5}}", "{crane: {hook: null}}", "null",
    ])
  func aBlockThatSaysNothingIsNone(block: String) {
    let loaded = read(on: block)
    #expect(loaded.problems == [], "\(loaded.messages)")
    #expect(loaded.workload?.services[0].on.isEmpty == true)
  }

  @Test(
    "What is wrong is told at its place",
    arguments: [
      ("{crane: {priorty: 3}}", "E0202 0:5:18", "did you mean `priority`?"),
      ("{crane: {prio: 3}}", "E0202 0:5:18", "here it is called `priority`"),
      ("{crane: {priority: eleven}}", "E0303 0:5:28", "write digits only, such as `8080`"),
      ("{crane: {priority: 11}}", "E0304 0:5:28", "it must be between 0 and 10"),
      ("{crane: {hook: \"\"}}", "E0311 0:5:24", "write the text that is meant"),
      ("{crane: {hook: [a]}}", "E0201 0:5:24", "write one value, without `-` and brackets"),
      ("{crane: fast}", "E0201 0:5:17", "write `name: value` lines below it, indented"),
      ("[crane]", "E0201 0:5:9", "write `name: value` lines without the leading `-`"),
      ("{crane: {priority: 1, priority: 2}}", "E0203 0:5:31", "delete one of the two"),
      ("{crane: {}, crane: {}}", "E0203 0:5:21", "delete one of the two"),
      ("{crne: {}}", "E0709 0:5:10", "did you mean `crane`?"),
      ("{balloon: {}}", "E0709 0:5:10", "the providers are `crane`, `raft`"),
      ("{raft: {}}", "E0202 0:5:10", "delete the block: it has none anywhere"),
      (
        "{crane: {hook: \"${secret.a/b}\"}}", "E0504 0:5:24",
        "list it under `secrets`, which hands it over when the service starts"
      ),
    ])
  func whatIsWrongIsToldAtItsPlace(block: String, problem: String, help: String) {
    let loaded = read(on: block)
    #expect(loaded.problems.first == problem)
    #expect(loaded.result.diagnostics.first?.help == help)
    #expect(loaded.problems.count == 1, "\(loaded.problems) \(loaded.messages)")
    #expect(loaded.workload == nil)
  }

  @Test("Everything is told in one run") func everythingIsToldInOneRun() {
    let loaded = read(
      """
      name: shop
      on: {crane: {}}
      services:
        - name: api
          image: a:1
          on: {crane: {priority: 11, hok: a}, crne: {}}
          volumes: [{name: v, mountPath: /v, on: {crane: {teir: hot}}}]
          ports: [{container: 80, on: {crane: {}}}]
      """)
    #expect(
      loaded.messages == [
        "`crane` has no fields of its own at a workload; it has some at a service, a volume",
        "11 is out of range; it must be between 0 and 10",
        "there is no key `hok` in a crane service; did you mean `hook`?",
        "there is no provider `crne`, so nothing can be said `on` it; did you mean `crane`?",
        "there is no key `teir` in a crane volume; did you mean `tier`?",
        "`crane` has no fields of its own at a port; it has some at a service, a volume",
      ])
  }

  @Test("Without declarations no engine is known") func withoutDeclarationsNoEngineIsKnown() {
    let loaded = Loaded("name: shop\nservices: [{name: api, image: a:1, on: {crane: {}}}]")
    #expect(
      loaded.messages == [
        "there is no provider `crane`, so nothing can be said `on` it; no provider is known here"
      ])
  }

  @Test("Variables are filled in") func variablesAreFilledIn() {
    let loaded = read(
      """
      name: shop
      variables: [{name: hook, default: steel}]
      services: [{name: api, image: a:1, on: {crane: {hook: "${var.hook} $${var.hook}"}}}]
      """)
    #expect(loaded.problems == [], "\(loaded.messages)")
    #expect(loaded.workload?.services[0].on["crane"]?["hook"] == "steel ${var.hook}")
    let rendered = SpecRendering.yaml(loaded.result.workloads.map(\.workload))
    let again = read(rendered)
    #expect(again.workload == loaded.workload, "\(again.messages)\n\(rendered)")
  }

  // MARK: Layers

  @Test("Layers are merged by key") func layersAreMergedByKey() {
    let loaded = read(
      """
      name: shop
      services:
        - {name: api, image: a:1, on: {crane: {hook: steel, priority: 3, words: [a]}}}
      """,
      """
      name: shop
      services:
        - {name: api, on: {crane: {priority: 4, words: [b]}}}
      """)
    #expect(loaded.problems == [], "\(loaded.messages)")
    #expect(loaded.workload?.services[0].on["crane"] == ["priority": 4, "hook": "steel", "words": ["b"]])
    let path = "services[api].on.crane.hook"
    guard case .written(let place)? = loaded.result.workloads.first?.origin(of: path) else {
      Issue.record("where `hook` comes from is not told")
      return
    }
    #expect(place.file.name == "0")
  }

  @Test(
    "Null takes away",
    arguments: [
      "{name: api, on: {crane: {hook: null}}}", "{name: api, on: {crane: null}}", "{name: api, on: null}",
    ])
  func nullTakesAway(patch: String) {
    let loaded = read(
      "name: shop\nservices: [{name: api, image: a:1, on: {crane: {hook: steel}}}]",
      "name: shop\nservices: [\(patch)]")
    #expect(loaded.problems == [], "\(loaded.messages)")
    #expect(loaded.workload?.services[0].on.isEmpty == true)
  }

  // MARK: Snapshots

  @Test("Snapshots keep the blocks of all engines") func snapshotsKeepTheBlocksOfAllEngines() throws {
    var (workload, service) = (Workload(), Service())
    (workload.name, service.name, service.image) = ("shop", "api", "a:1")
    workload.services = [service]
    workload.on["balloon"] = ["gas": "helium", "count": 3, "open": true, "list": ["1", "yes"]]
    workload.on["crane"] = ["future": ["deep": [1, "2"]]]
    #expect(workload.on.entries.map(\.engine) == ["balloon", "crane"])
    let again = try Workload(json: workload.json)
    #expect(again == workload)
    #expect(again.json == workload.json)
    #expect(Workload().plain["on"] == nil)
  }

  @Test("What a newer berth recorded is told") func whatANewerBerthRecordedIsTold() {
    var (workload, service) = (Workload(), Service())
    service.name = "api"
    service.on["crane"] = ["priority": 3, "future": true]
    service.on["balloon"] = ["gas": "helium"]
    workload.services = [service]
    let problems = workload.blockProblems(on: Self.crane)
    #expect(problems.map(\.code) == [.unknownKey])
    #expect(problems.first?.location?.file.name == "`on` of service `api`")
    #expect(workload.blockProblems(on: EngineFields("balloon")).map(\.code) == [.unknownKey])
    #expect(workload.blockProblems(on: EngineFields("raft")).isEmpty)
  }

  // MARK: One engine

  @Test("What is said on others is left out") func whatIsSaidOnOthersIsLeftOut() {
    let loaded = read(
      """
      name: shop
      services:
        - name: api
          image: a:1
          on: {crane: {hook: steel}}
          volumes: [{name: v, mountPath: /v, on: {crane: {tier: hot}}}]
      """)
    guard let workload = loaded.workload else {
      Issue.record("\(loaded.messages)")
      return
    }
    #expect(workload.narrowed(to: "crane") == workload)
    let bare = workload.narrowed(to: "raft")
    #expect(bare.services[0].on.isEmpty && bare.services[0].volumes[0].on.isEmpty)
    #expect(bare.services[0].image == "a:1" && bare.services[0].volumes[0].mountPath == "/v")
  }

  @Test("The essence of a block is what is compared and no default")
  func theEssenceOfABlockIsWhatIsComparedAndNoDefault() {
    var service = Service()
    service.on["crane"] = ["priority": 5, "hook": "steel"]
    service.on["balloon"] = ["gas": "helium"]
    #expect(service.essence(on: Self.crane)["on"] == ["crane": ["hook": "steel"]])
    #expect(service.essence(on: EngineFields("raft"))["on"] == nil)
    service.on["crane"] = ["priority": 5]
    #expect(service.essence(on: Self.crane)["on"] == nil)
    #expect(service.essence(without: ["on.crane.hook"], on: Self.crane)["on"] == nil)
  }

  // MARK: The schema and the reference

  @Test("The schema has what engines declare") func theSchemaHasWhatEnginesDeclare() {
    let schema = JSONSchema.workload(on: Self.engines)
    let definitions = schema["$defs"]
    #expect(definitions?["craneService"]?["properties"]?["priority"]?["minimum"] == 0)
    let on = definitions?["service"]?["properties"]?["on"]
    #expect(on?["properties"]?.members?.map(\.key) == ["crane"])
    #expect(on?["additionalProperties"] == false)
    #expect(definitions?["port"]?["properties"]?["on"]?["properties"] == .map([]))
    let text = LanguageReference.markdown(on: Self.engines)
    #expect(text.contains("| `hook` | text |  | replace | what it hangs from (not empty) |"))
    #expect(text.contains("## The keys of a crane volume"))
  }
}
