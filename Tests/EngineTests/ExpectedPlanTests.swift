import Engine
import Planning
import ProviderContract
import Testing
import WorkloadSpec

@Suite("Plans that are carried out only if they are the expected ones")
struct ExpectedPlanTests {
  let bench = Bench { $0.parallelism = 1 }
  let log = JointLog()

  private func id(of workloads: [Workload]) async throws -> String {
    let requests = Bench.requests(workloads)
    let sight = await bench.preview.look(at: requests)
    var plans: [Plan] = []
    for request in requests { plans.append(try await bench.preview.plan(request, given: sight)) }
    return PlanIdentity.id(of: plans)
  }

  private func apply(
    _ workloads: [Workload], expecting id: String, stop: StopRequest = StopRequest()
  ) async
    -> [String: String]
  {
    let requests = Bench.requests(workloads).map { $0.expecting(id) }
    let endings = await bench.engine(stop: stop).apply(requests, watching: log.watch { _ in true })
    return Dictionary(uniqueKeysWithValues: zip(requests.map(\.key.name), endings.map(\.words)))
  }

  @Test("The plans that were reviewed are carried out, and again they have nothing to do")
  func expected() async throws {
    let tiers = [JointExamples.workload("db"), JointExamples.workload("web")]
    let id = try await id(of: tiers)
    #expect(await apply(tiers, expecting: id) == ["db": "succeeded", "web": "succeeded"])
    #expect(await apply(tiers, expecting: id) == ["db": "nothingToDo", "web": "nothingToDo"])
  }

  @Test("A workload that needs no change makes no other plan of it")
  func unchanged() async throws {
    let db = JointExamples.workload("db")
    await bench.apply([db])
    let web = JointExamples.workload("web")
    #expect(try await id(of: [db, web]) == (try await id(of: [web])))
    #expect(
      await apply([db, web], expecting: try await id(of: [web])) == ["db": "nothingToDo", "web": "succeeded"])
  }

  @Test(
    "Another spec, a release in between, a change by hand and another number of workloads are other plans")
  func others() async throws {
    let first = JointExamples.workload("web")
    await bench.apply([first])
    let second = JointExamples.workload("web", version: 2)
    let id = try await id(of: [second])
    let before = bench.provider.world

    #expect(
      await apply([JointExamples.workload("web", version: 3)], expecting: id) == ["web": "refused E0706"])
    let more = [second, JointExamples.workload("db")]
    #expect(await apply(more, expecting: id) == ["web": "refused E0706", "db": "refused E0706"])
    #expect(bench.provider.world == before)

    await bench.apply([JointExamples.workload("web") { $0.labels = ["team": "shop"] }])
    #expect(await apply([second], expecting: id) == ["web": "refused E0706"])
  }

  @Test("The same command goes on where a run was cut short, with what was begun and what was not")
  func cutShort() async throws {
    let tiers = [
      JointExamples.workload("cache"), JointExamples.workload("db"),
      JointExamples.workload("web", after: ["db"]),
    ]
    let id = try await id(of: tiers)
    bench.provider.meddle { $0.failingCommands = [["/bin/db"]] }
    #expect(
      await apply(tiers, expecting: id) == ["cache": "succeeded", "db": "failed", "web": "not started: db"])
    #expect(try await bench.store.runs(of: .named("db"), limit: 1).first?.savedPlan?.contains(id) == true)

    bench.provider.meddle { $0.failingCommands = [] }
    #expect(
      await apply(tiers, expecting: id) == ["cache": "nothingToDo", "db": "succeeded", "web": "succeeded"])
  }

  @Test("What is left of a run is no licence for another spec")
  func cutShortAndChanged() async throws {
    let id = try await id(of: [JointExamples.workload("db")])
    bench.provider.meddle { $0.failingCommands = [["/bin/db"]] }
    #expect(await apply([JointExamples.workload("db")], expecting: id) == ["db": "failed"])
    bench.provider.meddle { $0.failingCommands = [] }
    #expect(await apply([JointExamples.workload("db", version: 2)], expecting: id) == ["db": "refused E0706"])
    #expect(await apply([JointExamples.workload("db")], expecting: id) == ["db": "succeeded"])
  }
}
