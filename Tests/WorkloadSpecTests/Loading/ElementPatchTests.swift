import Diagnostics
import Testing
import WorkloadSpec

/// What a later layer says with `$patch` of an element that is not there.
@Suite struct ElementPatchTests {
  /// What is said of layers: each diagnostic with its place, its message and its help.
  private static func problems(_ layers: [String]) -> [String] {
    let files = layers.enumerated().map { [SourceFile(name: "\($0.offset)", text: $0.element)] }
    return WorkloadLoader.load(layers: files).diagnostics.map { item in
      let place = item.location.map { "\($0.file.name):\($0.line):\($0.column)" } ?? "-"
      return "\(item.code.rawValue) \(place) \(item.message); \(item.help ?? "")"
    }
  }

  private static let base = """
    name: shop
    variables: [{name: tag, default: "1.0"}]
    services:
      - name: api
        image: shop/api:${var.tag}
        ports: [{container: 80}]
        volumes: [{name: data, mountPath: /data, size: 1Gi, type: persistent}]
        secrets: [{key: shop/token, type: env, as: TOKEN}]
        configFiles: [{name: app, path: /etc/app.conf, content: x}]
      - {name: logs, role: sidecar, image: "logs:1.0"}
    """

  private static let elements = [
    ("services: [{name: nope, $patch: delete}]", "service `nope`", "the earlier files have `api`, `logs`"),
    ("services: [{name: log, $patch: delete}]", "service `log`", "did you mean `logs`?"),
    ("variables: [{name: tga, $patch: delete}]", "variable `tga`", "did you mean `tag`?"),
    ("services: [{name: api, ports: [{container: 81, $patch: delete}]}]", "port `81/tcp`", "`80/tcp`"),
    ("services: [{name: api, volumes: [{name: date, $patch: delete}]}]", "volume `date`", "`data`?"),
    (
      "services: [{name: api, secrets: [{type: env, as: TOKEM, $patch: delete}]}]", "secret `env/TOKEM`",
      "`env/TOKEN`?"
    ),
    ("services: [{name: api, configFiles: [{name: ap, $patch: delete}]}]", "config file `ap`", "`app`"),
    (
      "services: [{name: logs, ports: [{container: 80, $patch: delete}]}]", "port `80/tcp`",
      "the earlier files have no ports here"
    ),
  ]

  @Test(
    "What takes away or swaps an element that no earlier layer has is one error, which names the element",
    arguments: elements, ["delete", "replace"])
  func isOneError(_ element: (layer: String, name: String, help: String), _ word: String) {
    let layer = element.layer.replacing("delete", with: word)
    let problems = Self.problems([Self.base, "name: shop\n\(layer)\n"])
    #expect(problems.count == 1, "\(problems)")
    #expect(problems.first?.hasPrefix("E0208 1:2:") == true, "\(problems)")
    #expect(problems.first?.contains("there is no \(element.name)") == true, "\(problems)")
    #expect(problems.first?.contains(" to \(word);") == true, "\(problems)")
    #expect(problems.first?.contains(element.help) == true, "\(problems)")
  }

  @Test("An element counts only if a layer before the one that takes it away has it")
  func theOrderOfLayersCounts() {
    let add = "name: shop\nservices: [{name: extra, role: sidecar, image: \"x:1\"}]\n"
    let delete = "name: shop\nservices: [{name: extra, $patch: delete}]\n"
    #expect(Self.problems([Self.base, add, delete]) == [])
    #expect(Self.problems([Self.base, add, delete, add]) == [])
    #expect(Self.problems([Self.base, delete, add]).map { $0.prefix(13) } == ["E0208 1:2:19 "])
    #expect(Self.problems([Self.base, add, delete, delete]).map { $0.prefix(13) } == ["E0208 3:2:19 "])
  }

  @Test(
    "Without an earlier layer of the workload there is nothing to take away",
    arguments: [
      "name: shop\nservices: [{name: nope, $patch: delete}]\n",
      "name: shop\nservices: [{name: a, image: \"a:1\"}, {name: nope, image: \"b:1\", $patch: delete}]\n",
      "name: shop\nservices: [{name: a, image: \"a:1\", ports: [{container: 80, $patch: replace}]}]\n",
    ])
  func theFirstLayerHasNothing(_ layer: String) {
    let problems = Self.problems([layer])
    #expect(problems.count == 1, "\(problems)")
    #expect(problems.first?.hasPrefix("E0208 ") == true, "\(problems)")
    #expect(problems.first?.contains("no earlier file has this workload") == true, "\(problems)")
    // The same in the later layer of another workload.
    #expect(Self.problems([Self.base.replacing("name: shop\n", with: "name: other\n"), layer]).count == 1)
  }

  @Test("Inside of an element that is new or swapped, nothing of an earlier layer is left to change")
  func newElementsHaveNothing() {
    for head in ["name: api, $patch: replace", "name: extra, role: sidecar"] {
      let layer = "services: [{\(head), image: \"x:1\", ports: [{container: 80, $patch: delete}]}]"
      let problems = Self.problems([Self.base, "name: shop\n\(layer)\n"])
      // Taking the service's image from a variable no more is a warning of its own.
      #expect(problems.filter { $0.hasPrefix("E") }.map { $0.prefix(6) } == ["E0208 "], "\(problems)")
    }
  }

  @Test(
    "What can't be done with an element is said by itself, and the element stays as it was",
    arguments: [
      ("services: [{name: api, $patch: remove}]", "E0302 1:2:24", "`delete` or `replace`"),
      ("services: [{name: nope, $patch: remove}]", "E0302 1:2:25", "`delete` or `replace`"),
      ("services: [{name: logs, $patch: delet}]", "E0302 1:2:25", "did you mean `delete`?"),
      ("services: [{name: logs, $patch: [delete]}]", "E0302 1:2:25", "`delete` or `replace`"),
      ("services: [{$patch: delete}]", "E0204 1:2:13", "give its `name`"),
      ("services: [{name: api, ports: [{protocol: tcp, $patch: delete}]}]", "E0204", "give its `container`"),
      (
        "services: [{name: logs, image: \"x:2\"}, {name: logs, $patch: delete}]", "E0205 1:2:47",
        "stands twice in this layer"
      ),
      ("$patch: delete", "E0202 1:2:1", "`null` takes a key away"),
      ("services: [{name: api, resources: {$patch: delete}}]", "E0202", "`null` takes a key away"),
    ])
  func mistakesStandAlone(_ layer: String, _ start: String, _ part: String) {
    let problems = Self.problems([Self.base, "name: shop\n\(layer)\n"])
    #expect(problems.count == 1, "\(problems)")
    #expect(problems.first?.hasPrefix(start) == true, "\(problems)")
    #expect(problems.first?.contains(part) == true, "\(problems)")
  }
}
