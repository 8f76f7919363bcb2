import Testing
import Values

@testable import NomadAPI

@Suite struct TypeTests {
  @Test(
    "Versions are read",
    arguments: [
      ("1.1.2", "1.1.2", true), ("1.10.2+ent", "1.10.2", true), ("1.4.0-beta.1", "1.4.0", true),
      ("1.9", "1.9.0", true),
      ("", "", false), ("x", "", false), ("1", "", false),
    ])
  func versionsAreRead(_ text: String, _ core: String, _ isOne: Bool) {
    let version = NomadVersion(text)
    #expect((version != nil) == isOne)
    if let version {
      #expect("\(version.major).\(version.minor).\(version.patch)" == core)
      #expect(version.description == text)
    }
  }

  @Test("A version says what the server has") func whatTheServerHas() throws {
    let (old, new) = (NomadVersion(major: 1, minor: 1, patch: 2), NomadVersion(major: 1, minor: 10))
    #expect(!old.hasVariables && !old.hasNativeServices && !old.hasPages && !old.hasNodePools)
    #expect(new.hasVariables && new.hasNativeServices && new.hasNativeChecks && new.hasDynamicHostVolumes)
    #expect(NomadVersion(major: 2, minor: 0).hasVariables)
    #expect(old < new)
  }

  @Test("A job keeps what is not known, and is sent without what servers write") func aJobKeeps() throws {
    var job = NomadJob(
      try JSON(
        parsing: #"{"ID":"web","Strange":{"a":1},"Status":"running","Version":3,"JobModifyIndex":9}"#.utf8))
    #expect(job.version == 3 && job.jobModifyIndex == 9)
    job.meta = ["b": "2", "a": "1"]
    let text = job.resendable.json.text
    #expect(text == #"{"ID":"web","Strange":{"a":1},"Meta":{"a":"1","b":"2"}}"#)
  }

  @Test(
    "A job is what was sent, also with what servers fill in",
    arguments: [
      (#"{"ID":"a","Meta":{},"List":[]}"#, #"{"ID":"a","Meta":null,"More":1,"List":null}"#, true),
      (#"{"ID":"a","L":[{"N":"x"}]}"#, #"{"ID":"a","L":[{"N":"x","C":1}]}"#, true),
      (#"{"ID":"a","L":[{"N":"x"}]}"#, #"{"ID":"a","L":[{"N":"x"},{"N":"y"}]}"#, false),
      (#"{"ID":"a","Env":{"P":"1"}}"#, #"{"ID":"a","Env":{"P":"2"}}"#, false),
      (#"{"ID":"a","Env":{"P":"1"}}"#, #"{"ID":"a","Env":null}"#, false),
      (#"{"ID":"a"}"#, #"{"ID":"a"}"#, true),
    ])
  func aJobIsWhatWasSent(_ sent: String, _ stored: String, _ isSame: Bool) throws {
    let (sent, stored) = (try JSON(parsing: sent.utf8), try JSON(parsing: stored.utf8))
    #expect(JobSameness.holds(sent, in: stored) == isSame)
  }

  @Test(
    "Why there is no place is one line",
    arguments: [
      (
        #"{"NodesEvaluated":3,"NodesExhausted":3,"DimensionExhausted":{"memory":3}}"#,
        "memory exhausted on 3 nodes"
      ),
      (
        #"{"NodesEvaluated":2,"ConstraintFiltered":{"missing drivers":1},"DimensionExhausted":{"cpu":1}}"#,
        "cpu exhausted on 1 node; constraint \"missing drivers\" filtered 1 node"
      ),
      (#"{"NodesEvaluated":0,"NodesAvailable":{"dc1":0}}"#, "no node is ready in dc1"),
      (#"{"NodesEvaluated":1,"NodesFiltered":1,"ClassFiltered":{"big":1}}"#, "class \"big\" filtered 1 node"),
      (#"{"NodesEvaluated":1,"QuotaExhausted":["memory"]}"#, "quota limit hit: memory"),
    ])
  func whyThereIsNoPlace(_ json: String, _ sentence: String) throws {
    #expect(PlacementMetrics(try JSON(parsing: json.utf8)).sentence == sentence)
  }

  @Test("An allocation's number is in its name") func anAllocationsNumber() {
    #expect(Allocation(["Name": "web.main[12]"]).number == 12)
    #expect(Allocation(["Name": "web"]).number == nil)
  }

  @Test("Moments that stand for none are none") func moments() throws {
    let task = TaskState(["StartedAt": "0001-01-01T00:00:00Z", "FinishedAt": "2026-11-21T02:47:00.5Z"])
    #expect(task.startedAt == nil)
    #expect(task.finishedAt == ServerTime(seconds: 1_795_229_220, nanoseconds: 500_000_000))
  }
}
