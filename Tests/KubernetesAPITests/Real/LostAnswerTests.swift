import Testing
import Values

@testable import KubernetesAPI

/// What becomes of answers of a real server that are lost on the way.
@Suite(.enabled(if: RealCluster.isThere, RealCluster.skipped)) struct RealLostAnswerTests {
  private static let options = RealCluster.options

  private static func withWay(
    _ body: (FaultyWay, ObjectCalls, ObjectCalls, String) async throws -> Void
  ) async throws {
    try await RealCluster.withNamespace { cluster, namespace in
      let way = try await FaultyWay.start(to: cluster.access.server)
      defer { way.stop() }
      let faulty = try await KubernetesClient.connect(
        to: way.access(cluster.access), programs: .refused(because: "it is a test"), policy: .impatient)
      try await body(way, faulty.objects(.configMaps), cluster.objects(.configMaps), namespace)
      #expect(way.hasLost)
    }
  }

  private static func config(_ namespace: String, _ data: JSON, run: String? = "7") -> KubernetesObject {
    var config = KubernetesObject(.configMaps, name: "a", namespace: namespace)
    if let run { config.metadata["annotations"] = ["berth.test/run": .string(run)] }
    config["data"] = data
    return config
  }

  @Test("A creation is recognized") func aCreationIsRecognized() async throws {
    try await Self.withWay { way, faulty, direct, namespace in
      way.loseAnswer()
      let made = try await faulty.create(Self.config(namespace, ["x": "1"]), Self.options)
      #expect(try await direct.get("a", in: namespace) == made)
      // What another run made is not taken for ours.
      way.loseAnswer()
      let error = await #expect(throws: KubernetesError.self) {
        try await faulty.create(Self.config(namespace, ["x": "1"], run: "8"), Self.options)
      }
      #expect(error?.isAlreadyExists == true)
    }
  }

  @Test("An update is recognized") func anUpdateIsRecognized() async throws {
    try await Self.withWay { way, faulty, direct, namespace in
      var config = try await direct.create(Self.config(namespace, ["holder": "none"]), Self.options)
      let stale = config
      config["data"] = ["holder": "me"]
      way.loseAnswer()
      let updated = try await faulty.update(config, Self.options)
      #expect(updated["data"]?.strings == ["holder": "me"])
      #expect(updated.resourceVersion != stale.resourceVersion)
      // Who comes too late is told so, lost answer or not.
      var other = stale
      other["data"] = ["holder": "you"]
      way.loseAnswer()
      let error = await #expect(throws: KubernetesError.self) { try await faulty.update(other, Self.options) }
      #expect(error?.isConflict == true)
      #expect(try await direct.get("a", in: namespace) == updated)
    }
  }

  @Test("An apply is done once") func anApplyIsDoneOnce() async throws {
    try await Self.withWay { way, faulty, direct, namespace in
      way.loseAnswer()
      let applied = try await faulty.apply(Self.config(namespace, ["x": "1"]), Self.options)
      way.loseAnswer()
      let again = try await faulty.apply(Self.config(namespace, ["x": "1"]), Self.options)
      // The same once more is no change.
      #expect(again.resourceVersion == applied.resourceVersion)
      var versioned = Self.config(namespace, ["x": "2"])
      versioned.metadata["resourceVersion"] = .string(applied.resourceVersion)
      way.loseAnswer()
      #expect(try await faulty.apply(versioned, Self.options)["data"]?.strings == ["x": "2"])
      #expect(try await direct.get("a", in: namespace)["data"]?.strings == ["x": "2"])
    }
  }

  @Test("A patch is done once or told as not known") func aPatchIsDoneOnceOrToldAsNotKnown() async throws {
    try await Self.withWay { way, faulty, direct, namespace in
      let made = try await direct.create(Self.config(namespace, ["x": "1"]), Self.options)
      let merge: JSON = ["metadata": ["resourceVersion": .string(made.resourceVersion)], "data": ["y": "2"]]
      way.loseAnswer()
      let merged = try await faulty.patch("a", in: namespace, .merge(merge), Self.options)
      #expect(merged["data"]?.strings == ["x": "1", "y": "2"])
      way.loseAnswer()
      let error = await #expect(throws: KubernetesError.self) {
        try await faulty.patch(
          "a", in: namespace, .steps([["op": "move", "from": "/data/x", "path": "/data/z"]]), Self.options)
      }
      #expect(error?.mayHaveBeenDone == true)
    }
  }

  @Test("A deletion is recognized") func aDeletionIsRecognized() async throws {
    try await Self.withWay { way, faulty, direct, namespace in
      let first = try await direct.create(Self.config(namespace, [:]), Self.options)
      way.loseAnswer()
      #expect(try await faulty.delete("a", in: namespace, Deletion(uid: first.uid)) == nil)
      let gone = await #expect(throws: KubernetesError.self) { try await direct.get("a", in: namespace) }
      #expect(gone?.isNotFound == true)
      // Another object of the name is left alone, and without a uid nothing is asked for twice.
      let second = try await direct.create(Self.config(namespace, [:]), Self.options)
      way.loseAnswer()
      #expect(try await faulty.delete("a", in: namespace, Deletion(uid: first.uid)) == nil)
      #expect(try await direct.get("a", in: namespace) == second)
      way.loseAnswer()
      let unknown = await #expect(throws: KubernetesError.self) {
        try await faulty.delete("a", in: namespace)
      }
      #expect(unknown?.mayHaveBeenDone == true)
    }
  }

  @Test("Reading goes on") func readingGoesOn() async throws {
    try await Self.withWay { way, faulty, direct, namespace in
      let made = try await direct.create(Self.config(namespace, ["x": "1"]), Self.options)
      way.loseAnswer()
      #expect(try await faulty.get("a", in: namespace) == made)
      way.loseAnswer()
      #expect(try await faulty.list(in: namespace, Selection(fields: "metadata.name=a")).items == [made])
      // A watch that is cut off in the middle goes on, without losing or repeating anything.
      func change(to value: Int) async throws {
        _ = try await direct.patch(
          "a", in: namespace, .merge(["data": ["x": .string("\(value)")]]), Self.options)
      }
      try await change(to: 2)
      var seen: [String] = []
      let selection = Selection(fields: "metadata.name=a")
      for try await event in faulty.watch(in: namespace, selection, from: made.resourceVersion) {
        guard case .modified(let object) = event else {
          Issue.record("nothing else happened: \(event)")
          break
        }
        seen.append(object["data"]?["x"]?.string ?? "")
        if seen.count == 4 { break }
        if seen.count == 2 { way.loseAnswer() }
        try await change(to: seen.count + 2)
      }
      #expect(seen == ["2", "3", "4", "5"])
    }
  }
}
