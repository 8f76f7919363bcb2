import Planning
import ProviderKit
import Secrets
import TestSupport
import Testing
import Values
import WorkloadSpec

@testable import NomadProvider

@Suite("What a workload becomes on a cluster of Nomad")
struct MappingTests {
  @Test("Each case becomes the job that stands beside it", arguments: MappingCase.all)
  func becomesAJob(_ mappingCase: MappingCase) throws {
    let job = try WorkloadJob(mappingCase.writing())
    let variables = JSON.object(
      job.variables.sorted { $0.key < $1.key }.map { .init($0.key, .texts($0.value)) })
    let made = CanonicalJSON.pretty(
      .map([.init("job", job.json.ordered.value), .init("variables", variables.value)]))
    let path = "\(MappingCase.folder)/\(mappingCase.name).\(mappingCase.version).json"
    #expect(try made == GeneratedText.kept(at: path, made: made), "\(path)")
  }

  @Test("What was written reads back as the workload, whatever a server adds", arguments: MappingCase.all)
  func readsBack(_ mappingCase: MappingCase) throws {
    let workload = try mappingCase.workload()
    let job = try WorkloadJob(mappingCase.writing()).json
    for live in [job, ServerDefaults.added(to: job)] {
      let reading = try mappingCase.reading(live, workload)
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
      #expect(reading.kind == workload.kind)
      #expect(reading.isAsApplied)
    }
  }

  @Test("A plan finds nothing to do on what was written", arguments: MappingCase.all)
  func plansNothing(_ mappingCase: MappingCase) throws {
    let workload = try mappingCase.workload()
    let job = ServerDefaults.added(to: try WorkloadJob(mappingCase.writing()).json)
    for last in [workload, nil] {
      let plan = try MappingPlan(facts: mappingCase.facts, target: mappingCase.target).plan(
        workload, last: last, on: job)
      #expect(plan.actions.filter { $0.kind.isPerformed } == [], "with a release: \(last != nil)")
    }
  }

  @Test("Another run, and another secret's value alone, change no more than they have to")
  func secretsAreNamedByDigest() throws {
    let mappingCase = MappingCase(name: "secrets", version: MappingCase.newer)
    let writing = try mappingCase.writing()
    let first = try WorkloadJob(writing)
    let second = try WorkloadJob(mappingCase.writing(run: "run-2"))
    #expect(first.json.group(JobNames.group) == second.json.group(JobNames.group))
    #expect(first.variables == second.variables)
    let text = first.json.text
    for value in Writing.values.values { #expect(!text.contains(value)) }
    var values = writing.secrets ?? [:]
    values["token"] = SecretValue(bytes: Array("other".utf8))
    let digest = SecretDigest.text(
      of: Array("other".utf8), named: "token", digestKey: Writing.keyOfDigests)
    let other = Writing(
      key: writing.key, workload: writing.workload, run: writing.run, facts: writing.facts, secrets: values,
      secretDigests: writing.secretDigests.merging(["token": digest]) { $1 }, digestKey: writing.digestKey)
    let changed = try WorkloadJob(other)
    let path = JobNames.variable(of: "api", in: "secrets")
    let (before, after) = (try #require(first.variables[path]), try #require(changed.variables[path]))
    #expect(Set(before.keys).subtracting(after.keys).count == 1)
    let keyless = Writing(
      key: writing.key, workload: writing.workload, run: writing.run, facts: writing.facts, secrets: values)
    #expect(throws: ActionFailure.self) { try WorkloadJob(keyless) }
  }

  @Test("What runs once per run becomes a batch job that is tried once")
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
        - {name: api, image: shop/api:1}
      """)
    let facts = EngineFacts(nomad: MappingCase.newer)
    let job = try BeforeJob(of: try #require(workload.service("migrate")), .test(workload, facts))
    #expect(job.json["ID"] == "shop_migrate")
    #expect(job.json["Type"] == "batch")
    #expect(job.json.at("Meta", Mark.part) == "before")
    let group = try #require(job.json.group(JobNames.group))
    #expect(group["Count"] == 1)
    #expect(group.at("RestartPolicy", "Attempts") == 0)
    #expect(group["Update"] == nil)
    #expect(group["Tasks"]?.array?.map { $0["Name"]?.string } == ["migrate"])
    #expect(group["Tasks"]?.array?.first?["Lifecycle"] == nil)
    #expect(Array(job.variables.keys) == ["nomad/jobs/shop_migrate/instance/migrate"])
    let stamp = try #require(JobStamp(text: job.json.marks[Mark.services]))
    #expect(stamp.services.map(\.spec.name) == ["migrate"])
  }

  @Test("What others change that no field states is seen, and what they add stays")
  func deviations() throws {
    let mappingCase = MappingCase(name: "web", version: MappingCase.newer)
    let workload = try mappingCase.workload()
    let made = try WorkloadJob(mappingCase.writing()).json
    var live = ServerDefaults.added(to: made)
    live.changeGroup(JobNames.group) { group in
      var tasks = group["Tasks"]?.array ?? []
      tasks[0]["Artifacts"] = [["GetterSource": "https://example.com/a"]]
      tasks[0][["Env", "BERTH_WORKLOAD"]] = "other"
      group["Tasks"] = .array(tasks)
      group["Vault"] = ["Role": "shop"]
    }
    let reading = try mappingCase.reading(live, workload)
    let paths = reading.services.flatMap(\.deviations).map(\.path)
    let main = try #require(made.group(JobNames.group)?["Tasks"]?.array?.first?["Name"]?.string)
    #expect(paths == ["job.Tasks[\(main)].Env.BERTH_WORKLOAD"])
    let merged = JobMerge.merge(made, onto: live, last: reading.made)
    let task = try #require(merged.group(JobNames.group)?["Tasks"]?.array?.first)
    #expect(task["Artifacts"]?.array?.count == 1)
    #expect(task.at("Env", "BERTH_WORKLOAD") == .string(workload.name))
    #expect(merged.group(JobNames.group)?.at("Vault", "Role") == "shop")
    var stranger = live
    stranger["Meta"] = nil
    let key = MappingCase.key(of: workload)
    let isRead = JobReading(stranger, key: key, target: NomadTarget(), facts: mappingCase.facts) != nil
    #expect(!isRead)
  }

  @Test("A job without berth's marks is made anew as a whole")
  func lostMarks() throws {
    let mappingCase = MappingCase(name: "web", version: MappingCase.newer)
    let workload = try mappingCase.workload()
    var live = ServerDefaults.added(to: try WorkloadJob(mappingCase.writing()).json)
    live["TaskGroups"] = .array(
      (live["TaskGroups"]?.array ?? []).filter { $0["Name"]?.string == JobNames.group })
    let plan = try MappingPlan(facts: mappingCase.facts).plan(workload, last: workload, on: live)
    #expect(plan.actions.contains { $0.kind.isPerformed && $0.subject == .workload })
  }
}
