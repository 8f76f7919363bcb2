import KubernetesAPI
import Planning
import ProviderKit
import Testing
import WorkloadSpec

@testable import KubernetesProvider
@testable import ProviderContract

@Suite(
  "What a real server makes of workloads", .serialized,
  .enabled(if: RealCluster.isThere, RealCluster.skipped))
struct RealMappingTests {
  @Test(
    "A real server keeps what was written, and a plan finds nothing to do on it",
    arguments: MappingCase.ofOlder)
  func keepsWhatWasWritten(_ mappingCase: MappingCase) async throws {
    try await MappingCluster.withNamespace { cluster in
      let workload = try mappingCase.workload()
      let written = try WorkloadObjects(mappingCase.writing(workload, namespace: cluster.namespace)).all
      _ = try await cluster.apply(written)
      var live: [KubernetesObject] = []
      for object in written { live.append(try await cluster.get(object)) }
      let plan = try MappingPlan(mappingCase.facts).plan(
        workload, last: workload, on: live, namespace: cluster.namespace)
      #expect(plan.actions.filter { $0.kind.isPerformed } == [])
      let reading = try #require(
        ControllerReading.of(live, workload, mappingCase.facts, namespace: cluster.namespace))
      for service in workload.services {
        #expect(reading.services.first { $0.name == service.name }?.live.service == service)
      }
      #expect(reading.services.allSatisfy { $0.live.workloadBlocks == workload.on })
      // What is applied again is the same to the server.
      for (before, after) in zip(live, try await cluster.apply(written)) {
        #expect(before.metadata["generation"] == after.metadata["generation"], "\(before.kind)")
      }
    }
  }

  /// A workload without pods, so that many can be written at once.
  private static func small(_ name: String, _ change: (inout Workload) -> Void) throws -> Workload {
    var workload = try MappingCase.load(
      """
      name: \(name)
      replicas: 0
      services:
        - name: api
          image: busybox:local
          ports: [{container: 8080}]
          volumes: [{name: data, mountPath: /data}]
        - {name: proxy, role: sidecar, image: busybox:local}
      """)
    change(&workload)
    return workload
  }

  private func expectSame(_ workload: Workload, _ path: String, on cluster: MappingCluster) async throws {
    let facts = EngineFacts(kubernetes: MappingCase.older)
    let written = try WorkloadObjects(.test(workload, facts, namespace: cluster.namespace)).all
    let live = try await cluster.apply(written)
    let reading = try #require(ControllerReading.of(live, workload, facts, namespace: cluster.namespace))
    #expect(reading.services.map(\.live.service.json) == workload.services.map(\.json), "\(path)")
    #expect(reading.services.allSatisfy { $0.live.workloadBlocks == workload.on }, "\(path)")
    #expect(reading.services.flatMap(\.deviations) == [], "\(path)")
  }

  @Test("A real server takes each field that only Kubernetes knows, and a change of it")
  func takesOwnFields() async throws {
    try await MappingCluster.withNamespace { cluster in
      for (number, edit) in [EngineEdit].kubernetes.enumerated() {
        let name = "own-\(number)"
        for change in [edit.prepare, edit.change, edit.prepare] {
          try await expectSame(try Self.small(name) { change(&$0) }, edit.path, on: cluster)
        }
      }
    }
  }

  @Test("A real server takes each field of a service, and a change of it")
  func takesFields() async throws {
    // A cluster refuses a filter in a spec, and rights that contradict each other; it is told nothing of devices.
    let refused = ["security.seccomp", "security.noNewPrivileges", "security.devices"]
    try await MappingCluster.withNamespace { cluster in
      for (number, edit) in FieldEdit.all.enumerated()
      where !refused.contains(where: { edit.path.hasPrefix($0) }) {
        let prepared = try Self.small("field-\(number)") {
          $0.services[0] = FieldEdit.prepared($0.services[0])
          $0.services[0].fields.security.devices = []
        }
        var changed = prepared
        edit.change(&changed.services[0])
        for workload in [prepared, changed] { try await expectSame(workload, edit.path, on: cluster) }
      }
    }
  }

  /// What is left of objects but what the cluster itself chooses.
  private static func essence(_ objects: [KubernetesObject]) -> [String] {
    objects.filter { ["Deployment", "Service"].contains($0.kind) }.map { object in
      var spec = object["spec"] ?? [:]
      for key in ["clusterIP", "clusterIPs", "healthCheckNodePort"] { spec[key] = nil }
      let config = ["template", "spec", "dnsConfig"]
      if spec[config] == [:] { spec[config] = nil }
      return "\(object.kind) " + spec.ordered.text
    }
  }

  private static let removals: [(path: String, change: @Sendable (inout Workload) -> Void)] =
    [EngineEdit].kubernetes.map { edit in (edit.path, { edit.prepare(&$0) }) }
    + FieldEdit.all.filter { edit in
      !["security.seccomp", "security.devices"].contains(where: { edit.path.hasPrefix($0) })
    }.map { edit in
      (
        edit.path,
        {
          for other in FieldEdit.all where other.path.hasPrefix(edit.path.prefix { $0 != "." }) {
            other.prepare(&$0.services[0])
          }
          edit.change(&$0.services[0])
          $0.services[0].fields.security.devices = []
        }
      )
    } + ofCases

  private static func check(_ text: String) -> @Sendable (inout Workload) -> Void {
    {
      $0.services[0].healthCheck = try? MappingCase.load(
        "{name: x, services: [{name: a, image: b, healthCheck: \(text)}]}"
      ).services[0].healthCheck
    }
  }

  private static let ofCases: [(path: String, change: @Sendable (inout Workload) -> Void)] = [
    ("a check by HTTP", check("{path: /, port: 80, headers: {A: b}}")),
    ("a check by TCP", check("{port: 80}")),
    ("a check by command", check("{command: [a]}")),
    ("the node's network", { for index in 0..<2 { $0.services[index].fields.network.mode = .host } }),
    ("a platform", { $0.services[0].fields.platform = "linux/amd64" }),
    ("a runtime", { $0.services[0].fields.runtime = "runsc" }),
    ("graphics processors", { $0.services[0].fields.resources.gpu = 1 }),
    ("a persistent volume", { $0.services[0].volumes[0].type = .persistent }),
    ("a volume in memory", { $0.services[0].volumes[0].type = .memory }),
    (
      "a bind",
      {
        $0.services[0].volumes[0].type = .bind
        $0.services[0].volumes[0].source = "/var/log"
      }
    ),
    ("an external volume", { $0.services[0].volumes[0].type = .external }),
    ("labels", { $0.labels = ["team": "checkout", "note": "no value of a label"] }),
    ("a recreation", { $0.strategy.type = .recreate }),
    (
      "secrets",
      {
        let secrets = try? MappingCase(name: "secrets", version: MappingCase.older).workload().services[0]
        guard let secrets else { return }
        $0.services[0].fields.secrets = secrets.secrets
        $0.services[0].fields.env = secrets.env
        $0.services[0].fields.configFiles = secrets.configFiles
      }
    ),
  ]

  @Test("What is taken away leaves nothing behind, and one thing gives way to another")
  func leavesNothingBehind() async throws {
    let facts = EngineFacts(kubernetes: MappingCase.older)
    try await MappingCluster.withNamespace { cluster in
      let base = try Self.small("shop") { _ in }
      func apply(_ workload: Workload) async throws -> [String] {
        Self.essence(
          try await cluster.apply(WorkloadObjects(.test(workload, facts, namespace: cluster.namespace)).all))
      }
      let first = try await apply(base)
      for removal in Self.removals {
        var changed = base
        removal.change(&changed)
        do {
          _ = try await apply(changed)
          #expect(try await apply(base) == first, "\(removal.path)")
        } catch {
          Issue.record("\(removal.path): \(error)")
        }
      }
      // From one way to check, and one kind of volume, to each other.
      for kinds in [Self.ofCases[0...2], Self.ofCases[7...10]] {
        for from in kinds {
          for to in kinds {
            var (old, new) = (base, base)
            from.change(&old)
            to.change(&new)
            do {
              let wanted = try await apply(new)
              _ = try await apply(old)
              #expect(try await apply(new) == wanted, "\(to.path) after \(from.path)")
            } catch {
              Issue.record("\(to.path) after \(from.path): \(error)")
            }
          }
        }
      }
    }
  }

  @Test("What is changed in place leaves the template as it is", arguments: MappingCase.ofOlder)
  func keepsTheTemplate(_ mappingCase: MappingCase) async throws {
    try await MappingCluster.withNamespace { cluster in
      var workload = try mappingCase.workload()
      workload.replicas = 0
      let first = try WorkloadObjects(mappingCase.writing(workload, namespace: cluster.namespace))
      _ = try await cluster.apply(first.all)
      let before = try await cluster.get(first.controller)
      // Another run, another number, and what no plan compares; and another version of berth, as it were.
      for index in workload.services.indices { workload.services[index].pullPolicy = .never }
      workload.on[KubernetesWorkload.self].annotations = ["example.com/owner": "other"]
      var second = try WorkloadObjects(
        mappingCase.writing(workload, namespace: cluster.namespace, run: "run-2"))
      second.keepTemplate(of: before)
      #expect(ControllerPreparation.patch(of: before, for: second.controller) == nil)
      let after = try #require(try await cluster.apply([second.controller]).first)
      #expect(after.json.at("spec", "template") == before.json.at("spec", "template"))
      #expect(after.annotations["example.com/owner"] == "other")
      #expect(
        AppliedFields.of(after)?["f:spec"]?["f:template"]
          == AppliedFields.of(before)?["f:spec"]?["f:template"])
      let reading = try #require(
        ControllerReading.of(
          second.listed + [after], workload, mappingCase.facts, namespace: cluster.namespace))
      #expect(reading.services.allSatisfy { $0.live.workloadBlocks == workload.on })
      // The template says nothing of runs; the controller has the last that changed anything.
      #expect(reading.services.allSatisfy { $0.stamp.run == RunID("run-2") })
    }
  }

  @Test("Init containers come in another order, and a new one where it belongs")
  func keepsOrder() async throws {
    let mappingCase = MappingCase(name: "ordered", version: MappingCase.older)
    for kind in [WorkloadKind.deployment, .statefulSet] {
      var workload = try mappingCase.workload()
      (workload.kind, workload.replicas) = (kind, 0)
      try await MappingCluster.withNamespace { cluster in
        let first = try WorkloadObjects(mappingCase.writing(workload, namespace: cluster.namespace))
        _ = try await cluster.apply(first.all)
        let made = try await cluster.get(first.controller)
        #expect(ControllerPreparation.patch(of: made, for: first.controller) == nil)
        var zero = try #require(workload.service("first"))
        zero.name = "zero"
        workload.services.append(zero)
        for index in workload.services.indices {
          switch workload.services[index].name {
          case "first": workload.services[index].dependsOn = ["zero", "second"]
          case "second": workload.services[index].dependsOn = []
          default: break
          }
        }
        let second = try WorkloadObjects(mappingCase.writing(workload, namespace: cluster.namespace))
        #expect(ControllerPreparation.patch(of: made, for: second.controller) != nil)
        let live = try await cluster.apply([second.controller])
        let order = live[0].json.at("spec", "template", "spec", "initContainers")?.array
        #expect(order?.map { $0["name"]?.string } == ["second", "zero", "first"])
        let reading = try #require(
          ControllerReading.of(live, workload, mappingCase.facts, namespace: cluster.namespace))
        #expect(!reading.isHeld)
        #expect(reading.services.first { $0.name == "first" }?.live.service.dependsOn == ["second", "zero"])
      }
    }
  }

  @Test("A real server takes another strategy, and back")
  func takesStrategies() async throws {
    let facts = EngineFacts(kubernetes: MappingCase.older)
    try await MappingCluster.withNamespace { cluster in
      var workload = try Self.small("shop") { _ in }
      for (type, isOneAtATime, isHeld) in [
        (StrategyType.rolling, false, false), (.rolling, true, false), (.canary, false, true),
        (.recreate, false, false), (.blueGreen, false, false),
      ] {
        workload.strategy.type = type
        let live = try await cluster.apply(
          WorkloadObjects(
            .test(
              workload, facts, namespace: cluster.namespace, isOneAtATime: isOneAtATime, isHeld: isHeld)
          ).all)
        let reading = try #require(
          ControllerReading.of(live, workload, facts, namespace: cluster.namespace))
        #expect(reading.strategy == workload.strategy)
        #expect(reading.isHeld == isHeld)
        #expect(reading.isOneAtATime == isOneAtATime)
      }
    }
  }

  @Test("A claim that is there keeps its class and its mode, and never shrinks")
  func keepsClaims() async throws {
    let facts = EngineFacts(kubernetes: MappingCase.older)
    try await MappingCluster.withNamespace { cluster in
      var workload = try Self.small("shop") {
        $0.services[0].volumes[0].type = .persistent
        $0.services[0].volumes[0].size = ByteQuantity("2Gi")
        $0.services[0].volumes[0].on[KubernetesVolume.self].storageClass = "one"
      }
      let live = try await cluster.apply(
        WorkloadObjects(.test(workload, facts, namespace: cluster.namespace)).all)
      workload.services[0].volumes[0].access = .many
      workload.services[0].volumes[0].size = ByteQuantity("1Gi")
      workload.services[0].volumes[0].on[KubernetesVolume.self].storageClass = "two"
      var objects = try WorkloadObjects(.test(workload, facts, namespace: cluster.namespace))
      await #expect(throws: KubernetesError.self) { try await cluster.apply(objects.claims) }
      objects.keepClaims(of: live)
      let claim = try #require(try await cluster.apply(objects.claims).first)
      #expect(claim.json.at("spec", "storageClassName") == "one")
      #expect(claim.json.at("spec", "resources", "requests", "storage") == "2Gi")
    }
  }

  @Test(
    "A container is given what its service states",
    .enabled(if: RealCluster.hasNode, RealCluster.skipped))
  func isGivenWhatItStates() async throws {
    let workload = try MappingCase.load(Self.checking)
    let facts = EngineFacts(kubernetes: MappingCase.older)
    try await MappingCluster.withNamespace { cluster in
      let objects = try WorkloadObjects(.test(workload, facts, namespace: cluster.namespace))
      _ = try await cluster.apply(objects.all)
      let controller = try await cluster.wait(for: objects.controller) {
        $0.at("status", "readyReplicas")?.int == 1
      }
      let pods = try await cluster.client.objects(.pods).list(in: cluster.namespace).items
      let pod = try #require(pods.first)
      let services = podServices(
        of: pod, as: InstanceID(0), workload.kind, objects: ObjectIndex(objects.listed),
        key: WorkloadKey(namespace: cluster.namespace, name: workload.name), facts: facts)
      #expect(services.map(\.live.service) == workload.services)
      #expect(controller.json.at("status", "replicas")?.int == 1)
    }
  }

  @Test(
    "What runs once per run runs to its end",
    .enabled(if: RealCluster.hasNode, RealCluster.skipped))
  func runsOnce() async throws {
    let workload = try MappingCase.load(
      """
      name: shop
      services:
        - {name: migrate, role: before, image: "busybox:local", command: [/bin/sh, -c, 'test "$URL" = hunter2'],
           env: {URL: "${secret.db}"}}
        - {name: api, image: "busybox:local"}
      """)
    try await MappingCluster.withNamespace { cluster in
      let writing = Writing.test(
        workload, EngineFacts(kubernetes: MappingCase.older), namespace: cluster.namespace)
      let (config, job) = try beforeJob(of: #require(workload.service("migrate")), writing)
      _ = try await cluster.apply(config + [job])
      _ = try await cluster.wait(for: job) { $0.at("status", "succeeded")?.int == 1 }
    }
  }

  private static let checking = #"""
    name: given
    replicas: 1
    services:
      - name: prepare
        role: init
        image: busybox:local
        command: [/bin/sh, -c, "echo done > /scratch/prepared"]
        volumes: [{name: scratch, mountPath: /scratch}]
      - name: api
        image: busybox:local
        pullPolicy: never
        user: "1000:1000"
        workingDir: /tmp
        command:
          - /bin/sh
          - -c
          - |
            set -ex
            test "$(cat /etc/app.conf)" = "password = hunter2"
            test "$(cat /etc/plain.conf)" = 'cost $(X) $$'
            test "$PLAIN" = 'a $(BERTH_SERVICE) $$ b'
            test "$URL" = 'x-hunter2-$(PLAIN)'
            test "$API_TOKEN" = t0k3n
            test "$(cat /run/secrets/token)" = t0k3n
            test "$(cat /scratch/prepared)" = done
            grep -q CERTIFICATE /etc/tls/tls.crt
            grep -q 'PRIVATE KEY' /etc/tls/tls.key
            test "$BERTH_INSTANCE" = "$(hostname)"
            test "$BERTH_SERVICE" = api
            test "$PORT" = 8080
            test "$1" = '$(PLAIN)'
            test "$(id -u):$(id -g)" = 1000:1000
            test "$(pwd)" = /tmp
            grep -q '127.0.0.1.*side' /etc/hosts
            grep -q '10.0.0.9.*db.test' /etc/hosts
            test ! -e /var/run/secrets/kubernetes.io
            touch /scratch/ok
            exec sleep 600
        args: [sh, "$(PLAIN)"]
        env: {PLAIN: "a $(BERTH_SERVICE) $$ b", URL: "x-${secret.db}-$(PLAIN)"}
        ports: [{container: 8080}]
        network: {extraHosts: {db.test: 10.0.0.9}}
        volumes: [{name: scratch, mountPath: /scratch}]
        healthCheck: {command: [/bin/sh, -c, 'test "$0" = "$(echo "\$(PLAIN)")" && test -e /scratch/ok', "$(PLAIN)"]}
        secrets:
          - {key: token, type: env, as: API_TOKEN}
          - {key: token, type: file, as: /run/secrets/token}
          - {key: pair, type: tls, as: /etc/tls}
        configFiles:
          - {name: app, path: /etc/app.conf, content: "password = ${secret.db}\n"}
          - {name: plain, path: /etc/plain.conf, content: "cost $(X) $$\n"}
        stopGrace: 1s
      - name: side
        role: sidecar
        image: busybox:local
        command: [/bin/sleep, "600"]
        stopGrace: 1s
    """#
}
