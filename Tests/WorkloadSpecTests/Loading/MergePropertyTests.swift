import Diagnostics
import Testing
import Values
import WorkloadSpec
import YAMLNodes

/// What holds for every merge of layers, tried on generated ones.
@Suite struct MergePropertyTests {
  private static let seeds: [UInt64] = Array(0..<400)

  private static func load(_ layers: [Value]) -> Outcome {
    let result = WorkloadLoader.load(
      layers: layers.enumerated().map {
        [SourceFile(name: "\($0.offset).yaml", text: CanonicalYAML.document($0.element))]
      })
    return Outcome(
      workload: result.workloads.first?.workload, problems: result.diagnostics.map(\.message).sorted())
  }

  private struct Outcome: Equatable {
    let workload: Workload?
    let problems: [String]
  }

  @Test("Layers are merged as the language says") func layersAreMergedAsTheLanguageSays() {
    var merged = 0
    for seed in Self.seeds {
      var layers = GeneratedLayers(seed: seed)
      let (base, over) = (layers.base(), layers.over())
      let result = Self.load([base, over])
      let expected = Self.load([PlainMerge.object(base, over, at: "")])
      #expect(result.workload == expected.workload, "seed \(seed): \(result.problems)")
      if result.workload != nil { merged += 1 }
    }
    // Layers that can't be used would prove nothing.
    #expect(merged > Self.seeds.count / 2)
  }

  @Test("A layer that says nothing changes nothing") func aLayerThatSaysNothingChangesNothing() {
    for seed in Self.seeds {
      var layers = GeneratedLayers(seed: seed)
      let base = layers.base()
      let alone = Self.load([base])
      #expect(alone.workload != nil, "seed \(seed): \(alone.problems)")
      #expect(Self.load([base, ["name": "shop"]]) == alone, "seed \(seed)")
      #expect(Self.load([["name": "shop"], base]) == alone, "seed \(seed)")
      #expect(Self.load([base, base]) == alone, "seed \(seed)")
    }
  }

  /// The layers so far can be rendered in between.
  @Test("Layers are merged one after the other") func layersAreMergedOneAfterTheOther() throws {
    for seed in Self.seeds {
      var layers = GeneratedLayers(seed: seed)
      let (base, over, last) = (layers.base(), layers.over(), layers.over())
      guard let between = Self.load([base, over]).workload,
        let workload = Self.load([base, over, last]).workload
      else { continue }
      let file = SourceFile(name: "rendered.yaml", text: SpecRendering.yaml([between]))
      var problems = Diagnostics()
      let root = try #require(YAMLReader.read(file, into: &problems).documents.first)
      let rendered = Value(root)
      let result = Self.load([rendered, last])
      #expect(result.workload == workload, "seed \(seed): \(result.problems)")
    }
  }

  @Test("Null takes away") func nullTakesAway() throws {
    for seed in Self.seeds {
      var layers = GeneratedLayers(seed: seed)
      let base = layers.base()
      let members = try #require(base.members)
      for member in members where member.key != "name" && member.key != "services" {
        let without = Value.map(members.filter { $0.key != member.key })
        let deleted = Self.load([base, .map([.init("name", "shop"), .init(member.key, .null)])])
        #expect(deleted.workload == Self.load([without]).workload, "seed \(seed): \(member.key)")
      }
    }
  }
}

/// Merging as the documentation has it, written as plainly as can be.
private enum PlainMerge {
  /// What tells the elements of lists apart, by the path of the list.
  private static let identities = [
    "services": ["name"], "services.ports": ["container", "protocol"], "services.volumes": ["name"],
  ]

  static func object(_ base: Value, _ over: Value, at path: String) -> Value {
    var members = base.members ?? []
    for change in over.members ?? [] {
      let inner = path.isEmpty ? change.key : "\(path).\(change.key)"
      guard let index = members.firstIndex(where: { $0.key == change.key }) else {
        if change.value != .null { members.append(.init(change.key, withoutNulls(change.value, at: inner))) }
        continue
      }
      if change.value == .null {
        members.remove(at: index)
      } else {
        members[index] = .init(change.key, value(members[index].value, change.value, at: inner))
      }
    }
    return .map(members)
  }

  /// A map has nothing to take away where there was none.
  private static func withoutNulls(_ value: Value, at path: String) -> Value {
    guard ["labels", "services.env"].contains(path), let members = value.members else { return value }
    return .map(members.filter { $0.value != .null })
  }

  private static func value(_ base: Value, _ over: Value, at path: String) -> Value {
    if base.members != nil, over.members != nil { return object(base, over, at: path) }
    guard let identity = identities[path], let elements = base.list, let changes = over.list else {
      return over
    }
    func name(_ element: Value) -> [Value] {
      identity.map { element[$0] ?? ($0 == "protocol" ? "tcp" : .null) }
    }
    var merged = elements
    for change in changes {
      if let index = merged.firstIndex(where: { name($0) == name(change) }) {
        merged[index] = object(merged[index], change, at: path)
      } else {
        merged.append(change)
      }
    }
    return .list(merged)
  }
}

/// Layers of one workload, made from a seed.
private struct GeneratedLayers {
  private var state: UInt64

  init(seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 &+ 1 }

  /// A spec that is whole.
  mutating func base() -> Value {
    var members: [Value.Member] = [.init("name", "shop")]
    if chance(2) { members.append(.init("replicas", .int(Int64(below(5))))) }
    if chance(2) { members.append(.init("labels", texts(nulls: false))) }
    let services = (0...below(3)).map { index in service(index, isWhole: true) }
    return .map(members + [.init("services", .list(services))])
  }

  /// A spec that says something of another one.
  mutating func over() -> Value {
    var members: [Value.Member] = [.init("name", "shop")]
    if chance(2) { members.append(.init("replicas", chance(3) ? .null : .int(Int64(below(5))))) }
    if chance(2) { members.append(.init("labels", chance(5) ? .null : texts(nulls: true))) }
    guard chance(2) else { return .map(members) }
    let names = (0...3).filter { _ in chance(2) }
    return .map(members + [.init("services", .list(names.map { service($0, isWhole: chance(3)) }))])
  }

  private mutating func service(_ index: Int, isWhole: Bool) -> Value {
    var members: [Value.Member] = [.init("name", .string("s\(index)"))]
    if isWhole || index > 0 { members.append(.init("role", index == 0 ? "main" : "sidecar")) }
    if isWhole || chance(3) { members.append(.init("command", ["/bin/x", .string("\(below(3))")])) }
    if chance(2) { members.append(.init("env", !isWhole && chance(6) ? .null : texts(nulls: !isWhole))) }
    if chance(3) { members.append(.init("restart", chance(2) ? "never" : "on-failure")) }
    if chance(2) {
      let numbers = [80, 81, 82].filter { _ in chance(2) }
      members.append(
        .init(
          "ports",
          .list(
            numbers.map { number in
              chance(2) ? ["container": Value(number)] : ["container": Value(number), "protocol": "tcp"]
            })))
    }
    if chance(3) {
      let names = ["data", "cache"].filter { _ in chance(2) }
      members.append(
        .init(
          "volumes", .list(names.map { ["name": .string($0), "mountPath": .string("/\($0)\(below(2))")] })))
    }
    return .map(members)
  }

  private mutating func texts(nulls: Bool) -> Value {
    let keys = ["A", "B", "C"].filter { _ in chance(2) }
    return .map(keys.map { .init($0, nulls && chance(3) ? .null : .string("\(below(4))")) })
  }

  private mutating func chance(_ oneIn: Int) -> Bool { below(oneIn) == 0 }

  /// Sebastiano Vigna's splitmix64.
  private mutating func below(_ bound: Int) -> Int {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return Int((z ^ (z >> 31)) % UInt64(bound))
  }
}
