import Testing
import Values
import WorkloadSpec

@Suite struct WorkloadLoaderTests {
  private let shop = """
    name: shop
    services:
      - name: api
        image: shop/api:1.0
        env: {LEVEL: info, COLOR: red}
        ports: [{container: 9090}, {container: 8080, host: 80}]
        command: [/bin/api, --fast]
      - name: logs
        role: sidecar
        image: logs:2.1
    """

  @Test("Documents become workloads in name order") func documentsBecomeWorkloadsInNameOrder() {
    let loaded = Loaded(
      """
      name: b
      services: [{name: x, command: [/bin/b]}]
      ---
      name: a
      services: [{name: x, command: [/bin/a]}]
      """)
    #expect(loaded.problems == [])
    #expect(loaded.result.workloads.map(\.workload.name) == ["a", "b"])
    #expect(loaded.result.workloads.map(\.files) == [["0"], ["0"]])
  }

  @Test("A workload twice in one layer is an error") func aWorkloadTwiceInOneLayerIsAnError() {
    let loaded = Loaded("name: a\nservices: [{name: x, command: [y]}]\n---\nname: a\nservices: []\n")
    #expect(loaded.problems == ["E0408 0:4:7"])
    #expect(loaded.result.diagnostics.first?.related.first?.location.line == 1)
  }

  @Test("A later layer is merged by identity") func aLaterLayerIsMergedByIdentity() throws {
    let loaded = Loaded(
      shop,
      """
      name: shop
      replicas: 2
      services:
        - name: api
          env: {LEVEL: debug, COLOR: null, EXTRA: "1"}
          ports: [{container: 8080, host: null, protocol: tcp}]
          command: [/bin/api]
        - {name: cache, role: sidecar, image: "redis:7.2"}
      """)
    #expect(loaded.problems == [])
    let workload = try #require(loaded.workload)
    #expect(workload.replicas == 2)
    #expect(workload.services.map(\.name) == ["api", "cache", "logs"])
    #expect(workload.services[0].env == ["LEVEL": "debug", "EXTRA": "1"])
    #expect(workload.services[0].ports.map(\.container) == [8080, 9090])
    #expect(workload.services[0].ports[0].host == nil)
    #expect(workload.services[0].command == ["/bin/api"])
    #expect(workload.services[0].image == "shop/api:1.0")
    #expect(loaded.result.workloads[0].files == ["0", "1"])
  }

  @Test("What is wrong after a merge is shown where it stands")
  func whatIsWrongAfterAMergeIsShownWhereItStands() {
    let loaded = Loaded(
      shop, "name: shop\nservices:\n  - name: api\n    imgae: x\n    env: {1X: y}\n    replicas: 3\n")
    #expect(loaded.problems == ["E0202 1:4:5", "E0310 1:5:11", "E0202 1:6:5"])
    #expect(loaded.result.workloads.isEmpty)
  }

  @Test("A layer of another name is a workload of its own") func aLayerOfAnotherNameIsAWorkloadOfItsOwn() {
    let loaded = Loaded(shop, "name: other\nservices: [{name: x, command: [y]}]\n")
    #expect(loaded.problems == [])
    #expect(loaded.result.workloads.map(\.workload.name) == ["other", "shop"])
  }

  @Test("Names that meet after interpolation are found") func namesThatMeetAfterInterpolationAreFound() {
    let loaded = Loaded(
      "name: a\nservices: [{name: x, command: [y]}]\n---\nname: ${var.n}\nvariables: [{name: n, default: a}]\n"
        + "services: [{name: x, command: [y]}]\n")
    #expect(loaded.problems == ["E0408 0:4:7"])
  }

  @Test("Nothing is no document", arguments: ["", "# nothing\n", "---\n", "---\n---\n", "\u{FEFF}"])
  func nothingIsNoDocument(_ text: String) {
    #expect(Loaded(text).problems == ["E0111 0:1:1"])
  }

  @Test("A document is a mapping", arguments: ["text", "[a]", "5"])
  func aDocumentIsAMapping(_ text: String) {
    #expect(Loaded(text).problems == ["E0201 0:1:1"])
  }

  @Test("Snapshots are equal to what they were made from") func snapshotsAreEqualToWhatTheyWereMadeFrom()
    throws
  {
    let workload = try #require(Loaded(shop).workload)
    #expect(try Workload(json: workload.json) == workload)
  }

  @Test("Elements are told apart by their identity") func elementsAreToldApartByTheirIdentity() {
    let loaded = Loaded(
      """
      name: shop
      services:
        - name: api
          command: [x]
          ports: [{container: 80}, {container: 80, protocol: udp}, {container: 80, protocol: tcp}]
        - name: api
          command: [x]
      """)
    #expect(loaded.problems == ["E0205 0:5:74", "E0403 0:6:11"], "\(loaded.messages)")
  }
}

@Suite struct FieldTraceTests {
  @Test(
    "A field is traced to where it stands",
    arguments: [
      ("name", "1:1:7"), ("replicas", "1:2:11"), ("services[api].image", "0:4:12"),
      ("services[api].env.LEVEL", "1:5:18"), ("services[api].env.A", "0:5:14"),
      ("services[api].env[A]", "0:5:14"),
      ("services[api].ports[8080/tcp].host", "1:6:37"), ("services[api].ports[8080/tcp]", "0:6:13"),
      ("services[api].ports[9090/udp].protocol", "0:6:60"), ("services[gone].image", nil),
      ("services[api].ports[8080/tcp].protocol", "default \"tcp\""),
      ("services[api].healthCheck.port", "not set"),
      ("services[api].env.GONE", "not set"), ("kind", "default \"deployment\""), ("wrong", nil),
      ("services[api", nil),
    ])
  func aFieldIsTracedToWhereItStands(path: String, place: String?) throws {
    let loaded = Loaded(
      """
      name: shop
      services:
        - name: api
          image: shop/api:1.0
          env: {A: b, LEVEL: info}
          ports: [{container: 8080}, {container: 9090, protocol: udp}]
      """,
      """
      name: shop
      replicas: 1
      services:
        - name: api
          env: {LEVEL: debug}
          ports: [{container: 8080, host: 80}]
      """)
    let found = try #require(loaded.result.workloads.first).origin(of: path)
    let text: String? =
      switch found {
      case .written(let place): "\(place.file.name):\(place.line):\(place.column)"
      case .defaultValue(let value): "default \(CanonicalJSON.compact(value))"
      case .notSet: "not set"
      case nil: nil
      }
    #expect(text == place)
  }
}
