import KubernetesAPI
import Planning
import ProviderKit
import Secrets
import TestSupport
import Testing
import Values
import WorkloadSpec

@testable import KubernetesProvider

@Suite("What a workload becomes on a cluster")
struct MappingTests {
  @Test("Each case becomes the objects that stand beside it", arguments: MappingCase.all)
  func becomesObjects(_ mappingCase: MappingCase) throws {
    let objects = try WorkloadObjects(mappingCase.writing())
    let made = CanonicalJSON.pretty(.list(objects.all.map { $0.json.ordered.value }))
    let path = "\(MappingCase.folder)/\(mappingCase.name).\(mappingCase.version.minor).json"
    #expect(try made == GeneratedText.kept(at: path, made: made), "\(path)")
  }

  @Test("What was written reads back as the workload, whatever a server adds", arguments: MappingCase.all)
  func readsBack(_ mappingCase: MappingCase) throws {
    let workload = try mappingCase.workload()
    let objects = try WorkloadObjects(mappingCase.writing())
    for listed in [objects.all, objects.all.map(ServerDefaults.added)] {
      let reading = try #require(ControllerReading.of(listed, workload, mappingCase.facts))
      for service in workload.services {
        let live = try #require(reading.services.first { $0.name == service.name }).live
        #expect(live.service == service)
        #expect(live.labels == workload.labels)
        #expect(live.workloadBlocks == workload.on)
      }
      #expect(reading.services.count == workload.services.count)
      #expect(reading.services.flatMap(\.deviations) == [])
      #expect(reading.strategy == workload.strategy)
      #expect(reading.replicas == workload.replicas ?? 1)
      #expect(reading.generation == 1)
      #expect(!reading.isHeld)
      #expect(reading.isAsApplied)
    }
  }

  @Test("A plan finds nothing to do on what was written", arguments: MappingCase.all)
  func plansNothing(_ mappingCase: MappingCase) throws {
    let workload = try mappingCase.workload()
    let objects = try WorkloadObjects(mappingCase.writing()).all.map(ServerDefaults.added)
    for last in [workload, nil] {
      let plan = try MappingPlan(mappingCase.facts).plan(workload, last: last, on: objects)
      #expect(plan.actions.filter { $0.kind.isPerformed } == [], "with a release: \(last != nil)")
    }
  }

  @Test("A pod reads back as its controller's template does", arguments: MappingCase.ofOlder)
  func podsReadBack(_ mappingCase: MappingCase) throws {
    let workload = try mappingCase.workload()
    let objects = try WorkloadObjects(mappingCase.writing())
    var pod = KubernetesObject(.pods, name: "pod-0", namespace: "team")
    let template = objects.controller.json.at("spec", "template")
    pod.metadata = template?["metadata"] ?? [:]
    pod["spec"] = template?["spec"]
    if workload.kind.hasStableInstances {
      let claims = (objects.controller.json.at("spec", "volumeClaimTemplates")?.array ?? []).map { claim in
        let name = claim.at("metadata", "name")?.string ?? ""
        let claimName = ObjectNames(key: MappingCase.key(of: workload)).claim(of: name, ordinal: 3)
        return ["name": .string(name), "persistentVolumeClaim": ["claimName": .string(claimName)]] as JSON
      }
      let volumes = template?.at("spec", "volumes")?.array ?? []
      pod["spec"]?["volumes"] = .array(volumes + claims)
    }
    let services = podServices(
      of: pod, as: InstanceID(3), workload.kind, objects: ObjectIndex(objects.listed),
      key: MappingCase.key(of: workload), facts: mappingCase.facts)
    #expect(services.map(\.name) == workload.services.map(\.name))
    for service in services {
      // The sizes of its claims are the controller's.
      var live = service.live.service
      let stated = try #require(workload.service(service.name))
      for index in live.volumes.indices where live.volumes[index].type == .persistent {
        live.volumes[index].size = stated.volumes.first { $0.name == live.volumes[index].name }?.size
      }
      #expect(live == stated)
      #expect(service.stamp.instance == InstanceID(3))
      #expect(service.live.workloadBlocks == workload.on)
    }
  }

  @Test("What berth has applied is told from what others and the server have added")
  func extractsWhatWasApplied() throws {
    let live = JSON(
      try Value(
        json: """
          {"a": 1, "others": 2, "empty": {}, "list": [{"name": "x", "image": "i", "added": true}, {"name": "y"}],
           "set": ["p", "q"], "whole": ["r", {"s": 1}], "below": {"mine": 1, "theirs": 2}}
          """))
    let fields = JSON(
      try Value(
        json: #"""
          {"f:a": {}, "f:list": {"k:{\"name\":\"x\"}": {".": {}, "f:name": {}, "f:image": {}}},
           "f:set": {"v:\"q\"": {}}, "f:whole": {}, "f:below": {"f:mine": {}}}
          """#))
    let applied = JSON(
      try Value(
        json: """
          {"a": 1, "empty": {}, "list": [{"name": "x", "image": "i"}], "set": ["q"], "whole": ["r", {"s": 1}],
           "below": {"mine": 1}}
          """))
    #expect(AppliedFields.extract(live, fields) == applied)
  }

  @Test("A secret that has another value has another name, and no digest tells what it is")
  func secretsAreNamedByDigest() throws {
    let mappingCase = MappingCase(name: "secrets", version: MappingCase.older)
    let writing = try mappingCase.writing()
    let names = try WorkloadObjects(writing).config.map(\.name)
    #expect(try WorkloadObjects(mappingCase.writing(run: "run-2")).config.map(\.name) == names)
    var values = writing.secrets
    values["token"] = SecretValue(bytes: Array("other".utf8))
    let other = Writing(
      key: writing.key, workload: writing.workload, run: writing.run, facts: writing.facts, secrets: values,
      secretDigests: writing.secretDigests, digestKey: writing.digestKey)
    let changed = try WorkloadObjects(other).config.map(\.name)
    #expect(Set(names).intersection(changed).count == 3, "config files and credentials keep their names")
    let keyless = Writing(
      key: writing.key, workload: writing.workload, run: writing.run, facts: writing.facts, secrets: values)
    #expect(throws: ActionFailure.self) { try WorkloadObjects(keyless) }
  }

  @Test("What is held says so, and what may be there once only never runs beside itself")
  func heldAndAlone() throws {
    let web = MappingCase(name: "web", version: MappingCase.older)
    let stateful = MappingCase(name: "stateful", version: MappingCase.older)
    for mappingCase in [web, stateful] {
      let workload = try mappingCase.workload()
      let objects = try WorkloadObjects(.test(workload, web.facts, isOneAtATime: true, isHeld: true))
      let reading = try #require(ControllerReading.of(objects.all, workload, web.facts))
      #expect(reading.isHeld)
      #expect(reading.isOneAtATime)
      #expect(reading.strategy == workload.strategy)
    }
    let objects = try WorkloadObjects(.test(web.workload(), web.facts, isOneAtATime: true))
    #expect(objects.controller.json.at("spec", "strategy") == ["type": "Recreate"])
  }

  @Test(
    "A strategy that was changed by hand reads as what it is",
    arguments: [
      (
        #"{"type":"RollingUpdate","rollingUpdate":{"maxSurge":5,"maxUnavailable":1}}"#, StrategyType.rolling,
        5
      ),
      (#"{"type":"RollingUpdate","rollingUpdate":{"maxSurge":2,"maxUnavailable":1}}"#, .canary, 2),
      (#"{"type":"Recreate"}"#, .recreate, 1),
    ])
  func strategies(_ text: String, _ type: StrategyType, _ surge: Int) throws {
    var strategy = Strategy()
    (strategy.type, strategy.maxSurge, strategy.maxUnavailable) = (.canary, 2, 1)
    let stated = StrategyText(strategy, isOneAtATime: false)
    #expect(StrategyText(text: stated.text) == stated)
    let live = StrategyText.live(JSON(try Value(json: text)), stated: stated)
    #expect(live.type == type)
    #expect(live.maxSurge == surge)
  }

  @Test("A later generation has a name and a selector of its own")
  func generations() throws {
    let mappingCase = MappingCase(name: "web", version: MappingCase.older)
    let workload = try mappingCase.workload()
    let objects = try WorkloadObjects(.test(workload, mappingCase.facts, generation: 2))
    #expect(objects.controller.name == "shop--g2")
    #expect(objects.controller.json.at("spec", "selector", "matchLabels", Mark.generation) == "2")
    #expect(objects.services[0].json.at("spec", "selector", Mark.generation) == "2")
    #expect(try #require(ControllerReading.of(objects.all, workload, mappingCase.facts)).generation == 2)
  }

  @Test("What runs once per run becomes a Job that never tries again")
  func before() throws {
    let workload = try MappingCase.load(
      """
      name: shop
      services:
        - name: migrate
          role: before
          image: shop/migrate:1
          command: [/bin/migrate]
          env: {LEVEL: info, URL: "${secret.db}"}
          configFiles: [{name: app, path: /etc/app.conf, content: "a: 1"}]
          volumes: [{name: data, mountPath: /data, type: persistent, access: many}]
        - {name: api, image: shop/api:1}
      """)
    let facts = EngineFacts(kubernetes: MappingCase.older)
    let service = try #require(workload.service("migrate"))
    let (config, job) = try beforeJob(of: service, .test(workload, facts))
    #expect(config.map(\.kind) == ["ConfigMap", "Secret", "PersistentVolumeClaim"])
    #expect(job.name == "shop--migrate")
    #expect(job.json.at("spec", "backoffLimit") == 0)
    let spec = job.json.at("spec", "template", "spec")
    #expect(spec?["restartPolicy"] == "Never")
    #expect(spec?["initContainers"] == nil)
    #expect(spec?["containers"]?.array?.map { $0["name"]?.string } == ["migrate"])
    #expect(job.json.at("spec", "template", "metadata", "labels", Mark.generation) == nil)
    let stamp = try #require(TemplateStamp(text: job.annotations[Mark.services]))
    #expect(stamp.services.map(\.spec.name) == ["migrate"])
  }

  @Test("What is gone or leads elsewhere beside the controller is seen")
  func deviations() throws {
    for (name, gone) in [("web", "Service"), ("stateful", "Service"), ("volumes", "PersistentVolumeClaim")] {
      let mappingCase = MappingCase(name: name, version: MappingCase.older)
      let workload = try mappingCase.workload()
      let objects = try WorkloadObjects(mappingCase.writing()).all
      let left = objects.filter { $0.kind != gone }
      let reading = try #require(ControllerReading.of(left, workload, mappingCase.facts))
      let paths = reading.services.flatMap(\.deviations).map(\.path)
      #expect(paths == objects.filter { $0.kind == gone }.map { "objects.\(gone)/\($0.name)" })
    }
    let web = MappingCase(name: "web", version: MappingCase.older)
    let objects = try WorkloadObjects(web.writing()).all.map { object in
      guard object.kind == "Service" else { return object }
      var object = object
      object["spec"]?["ports"] = [["name": "tcp-8080", "port": 1, "targetPort": 8080, "protocol": "TCP"]]
      object["spec"]?["selector"] = ["app": "other"]
      return object
    }
    let reading = try #require(ControllerReading.of(objects, web.workload(), web.facts))
    #expect(
      reading.services.flatMap(\.deviations).map(\.path) == [
        "objects.Service/shop.ports", "objects.Service/shop.selector",
      ])
  }
}

extension ControllerReading {
  /// Reads the controller among some objects, as a provider lists them.
  static func of(
    _ objects: [KubernetesObject], _ workload: Workload, _ facts: EngineFacts, namespace: String = "team"
  ) -> ControllerReading? {
    guard let controller = objects.first(where: { $0.kind == "Deployment" || $0.kind == "StatefulSet" })
    else {
      return nil
    }
    return ControllerReading(
      controller, objects: objects.filter { $0.kind != "Secret" && $0 != controller },
      key: WorkloadKey(namespace: namespace, name: workload.name), facts: facts)
  }
}

extension MappingCase {
  static func key(of workload: Workload) -> WorkloadKey {
    WorkloadKey(namespace: "team", name: workload.name)
  }
}
