import Testing
import Values

@testable import KubernetesAPI

@Suite(.enabled(if: RealCluster.isThere, RealCluster.skipped)) struct RealObjectTests {
  private static let options = RealCluster.options
  private static let deployments = ResourceType(group: "apps", plural: "deployments", kind: "Deployment")

  private static func config(_ name: String, _ namespace: String, _ data: JSON) -> KubernetesObject {
    var config = KubernetesObject(.configMaps, name: name, namespace: namespace)
    config["data"] = data
    return config
  }

  @Test("An object is made read changed and deleted") func anObjectIsMadeReadChangedAndDeleted() async throws
  {
    try await RealCluster.withNamespace { cluster, namespace in
      let configs = cluster.objects(.configMaps)
      let made = try await configs.create(Self.config("a", namespace, ["x": "1"]), Self.options)
      #expect(!made.uid.isEmpty && !made.resourceVersion.isEmpty)
      let twice = await #expect(throws: KubernetesError.self) {
        try await configs.create(Self.config("a", namespace, ["x": "1"]), Self.options)
      }
      #expect(twice?.isAlreadyExists == true, "\(twice?.message ?? "")")

      var changed = made
      changed["data"] = ["x": "2"]
      let updated = try await configs.update(changed, Self.options)
      #expect(updated.resourceVersion != made.resourceVersion)
      let stale = await #expect(throws: KubernetesError.self) {
        try await configs.update(changed, Self.options)
      }
      #expect(stale?.isConflict == true)

      let merged = try await configs.patch("a", in: namespace, .merge(["data": ["y": "3"]]), Self.options)
      #expect(merged["data"]?.strings == ["x": "2", "y": "3"])
      let stepped = try await configs.patch(
        "a", in: namespace, .steps([["op": "remove", "path": "/data/x"]]), Self.options)
      #expect(stepped["data"]?.strings == ["y": "3"])
      #expect(try await configs.get("a", in: namespace) == stepped)

      let other = await #expect(throws: KubernetesError.self) {
        try await configs.delete("a", in: namespace, Deletion(uid: "no-such-uid"))
      }
      #expect(other?.isConflict == true)
      #expect(try await configs.delete("a", in: namespace, Deletion(uid: made.uid)) == nil)
      let gone = await #expect(throws: KubernetesError.self) { try await configs.get("a", in: namespace) }
      #expect(gone?.isNotFound == true)
      #expect(gone?.reason == "NotFound")
    }
  }

  @Test("A field of another manager is a conflict unless forced")
  func aFieldOfAnotherManagerIsAConflictUnlessForced() async throws {
    try await RealCluster.withNamespace { cluster, namespace in
      let configs = cluster.objects(.configMaps)
      _ = try await configs.apply(Self.config("a", namespace, ["x": "1", "y": "1"]), Self.options)
      let other = WriteOptions(fieldManager: "another")
      let conflict = await #expect(throws: KubernetesError.self) {
        try await configs.apply(Self.config("a", namespace, ["x": "2"]), other)
      }
      #expect(conflict?.isConflict == true)
      #expect(conflict?.causes.map(\.field) == [".data.x"])
      #expect(conflict?.causes.first?.reason == "FieldManagerConflict")
      #expect(conflict?.causes.first?.message.contains("berth-test") == true)
      let taken = try await configs.apply(Self.config("a", namespace, ["x": "2"]), other, force: true)
      #expect(taken["data"]?.strings == ["x": "2", "y": "1"])
      #expect(Set(taken.managers.map(\.name)) == ["berth-test", "another"])
      // What is given up goes, and a dry run changes nothing.
      let dry = WriteOptions(fieldManager: "berth-test", isDryRun: true)
      #expect(try await configs.apply(Self.config("a", namespace, [:]), dry)["data"]?.strings == ["x": "2"])
      #expect(try await configs.get("a", in: namespace)["data"]?.strings == ["x": "2", "y": "1"])
    }
  }

  @Test("A list comes in pages") func aListComesInPages() async throws {
    try await RealCluster.withNamespace { cluster, namespace in
      let configs = cluster.objects(.configMaps)
      for index in 0..<7 {
        var config = Self.config("c\(index)", namespace, [:])
        config.metadata["labels"] = ["half": index < 4 ? "first" : "second"]
        _ = try await configs.create(config, Self.options)
      }
      let all = try await configs.list(in: namespace, Selection(labels: "half"), pageSize: 3)
      #expect(all.items.map(\.name) == (0..<7).map { "c\($0)" })
      #expect(all.items.allSatisfy { $0.kind == "ConfigMap" && $0.apiVersion == "v1" })
      let some = try await configs.list(in: namespace, Selection(labels: "half=second"))
      #expect(some.items.map(\.name) == ["c4", "c5", "c6"])
    }
  }

  @Test("A watch tells what happens") func aWatchTellsWhatHappens() async throws {
    try await RealCluster.withNamespace { cluster, namespace in
      let configs = cluster.objects(.configMaps)
      let list = try await configs.list(in: namespace)
      let made = try await configs.create(Self.config("a", namespace, ["x": "1"]), Self.options)
      _ = try await configs.patch("a", in: namespace, .merge(["data": ["x": "2"]]), Self.options)
      try await configs.delete("a", in: namespace, Deletion(uid: made.uid))
      var seen: [String] = []
      let selection = Selection(fields: "metadata.name=a")
      for try await event in configs.watch(in: namespace, selection, from: list.resourceVersion) {
        switch event {
        case .listed: seen.append("listed")
        case .added(let object): seen.append("added \(object["data"]?["x"]?.string ?? "")")
        case .modified(let object): seen.append("modified \(object["data"]?["x"]?.string ?? "")")
        case .deleted: seen.append("deleted")
        }
        if seen.last == "deleted" { break }
      }
      #expect(seen == ["added 1", "modified 2", "deleted"])
    }
  }

  @Test("A watch from a moment that is forgotten lists again")
  func aWatchFromAMomentThatIsForgottenListsAgain() async throws {
    try await RealCluster.withNamespace { cluster, namespace in
      let configs = cluster.objects(.configMaps)
      _ = try await configs.create(Self.config("a", namespace, [:]), Self.options)
      // The first moment of a cluster is older than what its server remembers in memory.
      for try await event in configs.watch(in: namespace, from: "1") {
        switch event {
        case .listed(let list):
          #expect(list.items.map(\.name).contains("a"))
        case .added(let object):
          guard object.name == "a" else { continue }
        default: continue
        }
        break
      }
    }
  }

  @Test("Subresources are read and written") func subresourcesAreReadAndWritten() async throws {
    try await RealCluster.withNamespace { cluster, namespace in
      let deployments = cluster.objects(Self.deployments)
      var deployment = KubernetesObject(Self.deployments, name: "web", namespace: namespace)
      deployment["spec"] = [
        "replicas": 0, "selector": ["matchLabels": ["app": "web"]],
        "template": [
          "metadata": ["labels": ["app": "web"]],
          "spec": ["containers": [["name": "main", "image": .string(RealCluster.image)]]],
        ],
      ]
      _ = try await deployments.apply(deployment, Self.options)
      let scale = try await deployments.get("web", in: namespace, subresource: "scale")
      #expect(scale.kind == "Scale")
      let patched = try await deployments.patch(
        "web", in: namespace, .merge(["spec": ["replicas": 0], "metadata": ["name": "web"]]), Self.options,
        subresource: "scale")
      #expect(
        patched.json.at("spec", "replicas")?.int == nil || patched.json.at("spec", "replicas")?.int == 0)
      let invalid = await #expect(throws: KubernetesError.self) {
        try await deployments.patch(
          "web", in: namespace, .merge(["spec": ["replicas": -1]]), Self.options)
      }
      #expect(invalid?.isInvalid == true)
      #expect(invalid?.causes.first?.field == "spec.replicas")
      let left = try await deployments.delete("web", in: namespace, Deletion(dependents: .foreground))
      #expect(left?.isBeingDeleted ?? true)
    }
  }

  @Test("The server says what it has and allows") func theServerSaysWhatItHasAndAllows() async throws {
    let cluster = try await RealCluster.connect()
    #expect(cluster.version >= ServerVersion(major: 1, minor: 20))
    let types = try #require(try await cluster.server.types(of: "apps/v1"))
    let deployments = try #require(types.first { $0.type == Self.deployments })
    #expect(deployments.verbs.isSuperset(of: ["get", "list", "watch", "patch"]))
    #expect(deployments.subresources.isSuperset(of: ["scale", "status"]))
    #expect(try await cluster.server.types(of: "no.such/v1") == nil)
    #expect(try await cluster.server.groups()["apps"] == ["v1"])
    #expect(
      try await cluster.server.document(at: "/readyz").map { String(decoding: $0, as: UTF8.self) } == "ok")
    #expect(try await cluster.server.allows(AccessQuestion("get", .pods, in: "default")).isAllowed)
  }

  @Test("Who has no rights is told so") func whoHasNoRightsIsToldSo() async throws {
    var access = try await RealCluster.connect().access
    access.user.impersonation = Impersonation(user: "a-stranger", groups: ["system:authenticated"])
    let cluster = try await KubernetesClient.connect(to: access, programs: .refused(because: "it is a test"))
    let answer = try await cluster.server.allows(AccessQuestion("list", .pods, in: "default"))
    #expect(!answer.isAllowed)
    let refusal = await #expect(throws: KubernetesError.self) {
      try await cluster.objects(.pods).list(in: "default")
    }
    #expect(refusal?.isForbidden == true)
    #expect(refusal?.message.contains("a-stranger") == true)
  }

  @Test("A token that is none is told so") func aTokenThatIsNoneIsToldSo() async throws {
    var access = try await RealCluster.connect().access
    access.user = ClusterUser(name: "ada", token: "no-such-token")
    let refusal = await #expect(throws: KubernetesError.self) {
      try await KubernetesClient.connect(to: access, programs: .refused(because: "it is a test"))
        .objects(.pods).list(in: "default")
    }
    #expect(refusal?.isUnauthorized == true)
    #expect(refusal?.message.contains("does not know the user \"ada\"") == true, "\(refusal?.message ?? "")")
  }

  @Test("A lease is taken by one of two") func aLeaseIsTakenByOneOfTwo() async throws {
    try await RealCluster.withNamespace { cluster, namespace in
      let leases = cluster.objects(.leases)
      var lease = KubernetesObject(.leases, name: "lock", namespace: namespace)
      lease["spec"] = ["holderIdentity": "none"]
      let made = try await leases.create(lease, Self.options)
      let winners = try await withThrowingTaskGroup(of: String?.self) { group in
        for index in 0..<8 {
          group.addTask {
            var mine = made
            mine["spec"] = ["holderIdentity": .string("holder-\(index)")]
            do {
              return try await leases.update(mine, Self.options).json.at("spec", "holderIdentity")?.string
            } catch let error as KubernetesError where error.isConflict { return nil }
          }
        }
        return try await group.reduce(into: [String]()) { if let winner = $1 { $0.append(winner) } }
      }
      #expect(winners.count == 1)
      #expect(
        try await leases.get("lock", in: namespace).json.at("spec", "holderIdentity")?.string == winners.first
      )
    }
  }
}
