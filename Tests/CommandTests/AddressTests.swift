import Foundation
import Testing
import WorkloadSpec

/// Addresses in texts, with processes of this machine.
@Suite struct AddressTests {
  let sandbox: Sandbox

  init() throws { sandbox = try Sandbox() }

  private static let db = """
    name: db
    services:
      - name: server
        command: [/bin/sh, -c, 'exec sleep 1000']
        args: ["${port.server.5432}"]
        ports: [{container: 5432}]
        stopGrace: 1s

    """

  private static let web = """
    name: web
    replicas: 2
    services:
      - name: api
        command: [/bin/sh, -c, 'echo "$DB $CACHE"; exec sleep 1000']
        env: {DB: "tcp://${address.db/server.5432}", CACHE: "${host.cache} ${port.cache.6379}"}
        configFiles: [{name: app, path: /app.conf, content: "db = ${address.db/server.5432}"}]
        stopGrace: 1s
      - name: cache
        role: sidecar
        command: [/bin/sh, -c, 'exec sleep 1000']
        ports: [{container: 6379}]
        stopGrace: 1s

    """

  private func write(_ name: String, _ text: String) throws {
    try FileManager.default.createDirectory(
      atPath: sandbox.folder + "/all", withIntermediateDirectories: true)
    try sandbox.write("all/\(name).yaml", text)
  }

  @discardableResult
  private func berth(_ arguments: String..., status: Int32 = 0) throws -> Sandbox.Result {
    let result = try sandbox.berth(arguments)
    #expect(result.status == status, "\(arguments): \(result.output)\(result.errors)")
    return result
  }

  /// The port that a service of an instance was given.
  private func port(
    _ workload: String, _ service: String, _ container: Int64, instance: Int = 0
  ) throws
    -> Int64
  {
    let status = try berth("status", workload, "--format", "json").json
    let services = status["instances"]?.list?[instance]["services"]?.list ?? []
    let endpoints = services.first { $0["name"]?.string == service }?["endpoints"]?.list ?? []
    return try #require(endpoints.first { $0["container"]?.int == container }?["host"]?.int)
  }

  private func environment(_ instance: String = "0") throws -> String {
    try berth("exec", "web", "--instance", instance, "--", "/bin/sh", "-c", "echo $DB $CACHE; cat app.conf")
      .output
  }

  @Test("A service is given where its siblings and other workloads are, each instance its own siblings")
  func aServiceIsGivenWhereOthersAre() throws {
    try write("db", Self.db)
    try write("web", Self.web)
    let plan = try berth("plan", "-f", "all")
    #expect(plan.output.contains("${address.db/server.5432}"))
    try berth("apply", "-f", "all")
    let db = try port("db", "server", 5432)
    for instance in 0...1 {
      let cache = try port("web", "cache", 6379, instance: instance)
      #expect(
        try environment(String(instance))
          == "tcp://127.0.0.1:\(db) 127.0.0.1 \(cache)\ndb = 127.0.0.1:\(db)")
    }
    #expect(try port("web", "cache", 6379) != port("web", "cache", 6379, instance: 1))
    // The snapshot has the reference, and nothing differs a second time.
    #expect(
      try berth("history", "web", "--format", "json").output.contains("\(db)") == false)
    try berth("plan", "-f", "all", "--detailed-exitcode")
    #expect(try berth("apply", "-f", "all").output.contains("No changes:"))
    #expect(try berth("drift", "web", "--detailed-exitcode").output.isEmpty == false)
  }

  @Test("The port that another workload refers to stays, however its workload changes")
  func aReferredPortStays() throws {
    try write("db", Self.db)
    try write("web", Self.web)
    try berth("apply", "-f", "all")
    let before = try port("db", "server", 5432)
    // One instance can have it: what would be made beside the old one is changed in place.
    try write("db", Self.db.replacing("sleep 1000", with: "sleep 1001"))
    let plan = try berth("plan", "-f", "all/db.yaml")
    #expect(
      plan.output.contains("W0611")
        && plan.output.contains("another workload refers to port 5432 of server"), "\(plan.output)")
    try berth("apply", "-f", "all")
    #expect(try port("db", "server", 5432) == before)
    try berth("plan", "-f", "all", "--detailed-exitcode")
    let scaled = try berth("scale", "db", "--replicas", "2", status: 1)
    #expect(scaled.errors.contains("E0664") && scaled.errors.contains("`web` refers to"), "\(scaled.errors)")
    try berth("stop", "db")
    try berth("start", "db")
    #expect(try port("db", "server", 5432) == before)

    // After its end, nothing is kept.
    try berth("destroy", "web", "db", "--yes")
    try berth("apply", "-f", "all/db.yaml")
    #expect(try berth("scale", "db", "--replicas", "2").output.contains("E0664") == false)
    let refused = try berth("apply", "-f", "all/web.yaml", status: 1)
    #expect(refused.errors.contains("E0664"), "\(refused.errors)")
  }

  @Test("What refers to an address that moves is started again in the same command, and once")
  func aMovedAddressIsFollowed() throws {
    try write("db", Self.db)
    try write("web", Self.web.replacing("replicas: 2", with: "strategy: {type: recreate}"))
    try berth("apply", "-f", "all")
    let before = try sandbox.processIDs("web")
    let old = try port("db", "server", 5432)
    let free = try #require((24_000..<24_900).first { $0 != old })
    try write("db", Self.db.replacing("container: 5432", with: "container: 5432, host: \(free)"))
    let plan = try berth("plan", "-f", "all")
    #expect(
      plan.output.contains(#""tcp://127.0.0.1:\#(old)" → "tcp://127.0.0.1:\#(free)""#), "\(plan.output)")
    #expect(plan.output.contains("↻ restart api  (external)"), "\(plan.output)")
    #expect(plan.output.contains("configFiles[app].content"), "\(plan.output)")
    let result = try berth("apply", "-f", "all")
    #expect(result.output.components(separatedBy: "Plan for web").count == 2, "\(result.output)")
    #expect(try environment().hasPrefix("tcp://127.0.0.1:\(free) "))
    let after = try sandbox.processIDs("web")
    #expect(after["cache"] == before["cache"] && after["api"] != before["api"])
    try berth("plan", "-f", "all", "--detailed-exitcode")

    // A sibling's port that moves.
    try write(
      "web",
      Self.web.replacing("replicas: 2", with: "strategy: {type: recreate}")
        .replacing("container: 6379", with: "container: 6379, host: \(free + 1)"))
    let sibling = try berth("plan", "-f", "all")
    #expect(sibling.output.contains("restart api  (external)"), "\(sibling.output)")
    try berth("apply", "-f", "all")
    #expect(try environment().contains("127.0.0.1 \(free + 1)"))
    try berth("plan", "-f", "all", "--detailed-exitcode")
    // And one that is given up: what it will be is known when the sibling is ready.
    let home = Self.web.replacing("replicas: 2", with: "strategy: {type: recreate}")
    try write("web", home.replacing("container: 6379", with: "container: 6379, host: 18999"))
    try berth("apply", "-f", "all")
    try write("web", home)
    let unknown = try berth("plan", "-f", "all")
    #expect(unknown.output.contains("(known when cache is ready)"), "\(unknown.output)")
    try berth("apply", "-f", "all")
    #expect(try environment().contains("127.0.0.1 \(try port("web", "cache", 6379))"))
    try berth("plan", "-f", "all", "--detailed-exitcode")
  }

  @Test("What is referred to on the target has to be there, and to list the port")
  func whatIsOnTheTargetIsChecked() throws {
    try write("db", Self.db)
    try write("web", Self.web)
    let absent = try berth("plan", "-f", "all/web.yaml", status: 1)
    #expect(absent.errors.contains("E0660"), "\(absent.errors)")
    try berth("apply", "-f", "all/db.yaml")
    try berth("plan", "-f", "all/web.yaml")
    try write("web", Self.web.replacing("5432", with: "5433"))
    let unlisted = try berth("apply", "-f", "all/web.yaml", status: 1)
    #expect(
      unlisted.errors.contains("E0434") && unlisted.errors.contains("its ports are 5432"),
      "\(unlisted.errors)")
    try write("web", Self.web)
    try berth("stop", "db")
    #expect(try berth("apply", "-f", "all/web.yaml", status: 1).errors.contains("E0661"))
    try berth("start", "db")
    try berth("suspend", "db", "--reason", "disk full")
    #expect(try berth("apply", "-f", "all/web.yaml", status: 1).errors.contains("E0661"))
    try berth("unsuspend", "db")
    try berth("apply", "-f", "all/web.yaml")
    // A cycle that only the target's releases close.
    try write("db", "dependsOn: [web]\n" + Self.db)
    #expect(try berth("plan", "-f", "all/db.yaml", status: 1).errors.contains("E0433"))
    // In another namespace there is none.
    #expect(try berth("plan", "-f", "all/web.yaml", "-n", "other", status: 1).errors.contains("E0660"))
    #expect(try berth("destroy", "db", "--yes", status: 1).errors.contains("E0663"))
  }

  @Test("Going back restores what a text refers to, and fills in what is true today")
  func goingBackFillsInWhatIsTrueToday() throws {
    try write("db", Self.db)
    try write("web", Self.web)
    try berth("apply", "-f", "all")
    let text = Self.web.replacing("tcp://", with: "pg://")
    try write("web", text)
    try berth("apply", "-f", "all")
    #expect(try environment().hasPrefix("pg://127.0.0.1:"))
    try write("db", Self.db.replacing("container: 5432", with: "container: 5432, host: 24901"))
    try berth("apply", "-f", "all")
    try berth("rollback", "web")
    #expect(try environment("0").hasPrefix("tcp://127.0.0.1:24901 "))
  }

  @Test("A field's explanation says where its addresses lead on the target, and why")
  func whereAddressesLeadIsExplained() throws {
    try write("db", Self.db)
    try write(
      "web",
      Self.web.replacing("replicas: 2\n", with: "")
        .replacing("container: 6379", with: "container: 6379, host: 16379"))
    try sandbox.write("berth.yaml", "targets: {engine: {provider: docker, host: \"unix:///nowhere.sock\"}}\n")
    func explain(_ name: String, _ more: String...) throws -> [String] {
      let result = try sandbox.berth(
        ["render", "-f", "all/web.yaml", "--explain", "services[api].env.\(name)"] + more)
      #expect(result.status == 0, "\(result.errors)")
      return result.output.split(separator: "\n").dropFirst().map(String.init)
    }
    #expect(
      try explain("CACHE") == [
        "  ${host.cache} is `127.0.0.1`: the machine itself",
        "  ${port.cache.6379} is `16379`: the spec of cache pins the port by `host`",
      ])
    #expect(
      try explain("DB") == [
        "  ${address.db/server.5432} is `127.0.0.1` and the port that db/server is assigned: it is known when db/server is ready"
      ])
    #expect(
      try explain("CACHE", "-t", "engine") == [
        "  ${host.cache} is `cache`: the services of an instance find each other by name",
        "  ${port.cache.6379} is `6379`: the services of an instance find each other by name",
      ])
    #expect(
      try explain("DB", "-t", "engine") == [
        "  ${address.db/server.5432} is `server.db:5432`: by this name, the ready instances of db are found"
      ])
  }

  @Test("A port is kept for those that refer to it, and for nothing else")
  func aPortIsKeptForThoseThatReferToIt() throws {
    try write("db", Self.db)
    try write("web", Self.web)
    try berth("apply", "-f", "all")
    let before = try port("db", "server", 5432)
    // While it has no instance, its port is remembered.
    try berth("scale", "db", "--replicas", "0")
    try berth("scale", "db", "--replicas", "1")
    #expect(try port("db", "server", 5432) == before)
    try berth("destroy", "db", "--yes", "--force")
    try berth("apply", "-f", "all/db.yaml")
    #expect(try port("db", "server", 5432) == before)
    try berth("scale", "db", "--replicas", "2", status: 1)
    // Without a reference it is like any other.
    try write(
      "web",
      Self.web.replacing("tcp://${address.db/server.5432}", with: "none").replacing(
        "db = ${address.db/server.5432}", with: "none"))
    try berth("apply", "-f", "all/web.yaml")
    try berth("scale", "db", "--replicas", "2")
    #expect(!FileManager.default.fileExists(atPath: sandbox.home + "/local/ports/default_db.json"))
  }

  @Test(
    "What can't be read of the ports that are kept is forgotten", arguments: ["", "{", "{\"version\": 9}"])
  func aDamagedMemoryIsForgotten(_ text: String) throws {
    try write("db", Self.db)
    try write("web", Self.web)
    try berth("apply", "-f", "all")
    try sandbox.write("home/local/ports/default_db.json", text)
    try berth("plan", "-f", "all", "--detailed-exitcode")
    try write("db", Self.db.replacing("sleep 1000", with: "sleep 1001"))
    try berth("apply", "-f", "all")
    try berth("status", "db")
    try berth("destroy", "web", "db", "--yes")
  }

  @Test("Where two instances were there, the address follows the one that stays")
  func theAddressFollowsTheInstanceThatStays() throws {
    let blueGreen = Self.db.replacing("services:", with: "strategy: {type: blue_green}\nservices:")
    try write("db", blueGreen)
    try berth("apply", "-f", "all")
    try write("db", blueGreen.replacing("sleep 1000", with: "sleep 1001"))
    try berth("apply", "-f", "all", "--pause")
    try write("web", Self.web)
    try berth("apply", "-f", "all/web.yaml")
    try berth("promote", "db")
    let plan = try berth("plan", "-f", "all/web.yaml")
    #expect(plan.output.contains("(external)"), "\(plan.output)")
    try berth("apply", "-f", "all/web.yaml")
    #expect(try environment().hasPrefix("tcp://127.0.0.1:\(try port("db", "server", 5432)) "))
    try berth("plan", "-f", "all", "--detailed-exitcode")
  }

  @Test("A saved plan is carried out where an address is known only on the way")
  func aSavedPlanIsCarriedOut() throws {
    try write("db", Self.db.replacing("container: 5432", with: "container: 5432, host: 15711"))
    try write("web", Self.web)
    try berth("apply", "-f", "all")
    try write("db", Self.db)
    let plan = try berth("plan", "-f", "all", "--out", "plan.json")
    #expect(plan.output.contains("(known when db/server is ready)"), "\(plan.output)")
    #expect(sandbox.contents("plan.json")?.contains("127.0.0.1") == false)
    try berth("apply", "plan.json", "--yes")
    #expect(try environment().hasPrefix("tcp://127.0.0.1:\(try port("db", "server", 5432)) "))
    try berth("plan", "-f", "all", "--detailed-exitcode")
  }

  @Test("What operators do asks for no other workload")
  func operatorsAskForNoOtherWorkload() throws {
    try write("db", Self.db)
    try write("web", Self.web)
    try berth("apply", "-f", "all")
    try write("db", "network: {isolated: true}\n" + Self.db)
    try berth("apply", "-f", "all/db.yaml")
    try berth("restart", "web")
    try berth("scale", "web", "--replicas", "1")
    #expect(try berth("apply", "-f", "all/web.yaml", status: 1).errors.contains("E0435"))
  }
}
