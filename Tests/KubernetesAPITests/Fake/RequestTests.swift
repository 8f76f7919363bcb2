import Foundation
import NIOCore
import TestSupport
import Testing
import Values
import Wire

@testable import KubernetesAPI

@Suite struct RequestTests {
  private static let options = WriteOptions(fieldManager: "berth")

  private static func object(_ name: String, _ more: JSON = [:], version: String? = nil) -> JSON {
    var metadata: JSON = ["name": .string(name), "namespace": "shop", "uid": "u-1"]
    metadata["resourceVersion"] = version.map(JSON.string)
    return ["apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata, "data": more]
  }

  private static let config = KubernetesObject(object("a", ["x": "1"]))

  // MARK: What is sent

  @Test("Requests say what is meant") func requestsSayWhatIsMeant() async throws {
    let (server, cluster) = try await FakeServer.answering { _ in
      .json(200, Self.object("a", ["new": ["field": 1]]))
    }
    defer { server.stop() }
    let configs = cluster.objects(.configMaps)
    let found = try await configs.get("a", in: "shop")
    #expect(found["data"] == ["new": ["field": 1]])
    _ = try await configs.create(
      Self.config, WriteOptions(fieldManager: "b c", isDryRun: true, isStrict: true))
    _ = try await configs.apply(Self.config, Self.options, force: true)
    _ = try await configs.patch("a", in: "shop", .merge(["data": nil]), Self.options, subresource: "status")
    _ = try await configs.patch("a", in: "shop", .strategic([:]), Self.options)
    _ = try await configs.patch("a", in: "shop", .steps([["op": "test"]]), Self.options)
    _ = try await configs.update(Self.config, Self.options)
    try await configs.delete(
      "a", in: "shop", Deletion(uid: "u-1", resourceVersion: "7", dependents: .orphan, graceSeconds: 0))
    let root = "/api/v1/namespaces/shop/configmaps"
    #expect(
      server.questions.map { "\($0.method) \($0.target)" } == [
        "GET \(root)/a", "POST \(root)?fieldManager=b%20c&dryRun=All&fieldValidation=Strict",
        "PATCH \(root)/a?fieldManager=berth&force=true", "PATCH \(root)/a/status?fieldManager=berth",
        "PATCH \(root)/a?fieldManager=berth", "PATCH \(root)/a?fieldManager=berth",
        "PUT \(root)/a?fieldManager=berth",
        "DELETE \(root)/a",
      ])
    #expect(
      server.questions.map { $0.headers["content-type"] } == [
        nil, "application/json", "application/apply-patch+yaml", "application/merge-patch+json",
        "application/strategic-merge-patch+json", "application/json-patch+json", "application/json",
        "application/json",
      ])
    #expect(server.questions[0].headers["authorization"] == "Bearer t0")
    #expect(server.questions[1].json == Self.config.json)
    #expect(
      server.questions[7].body
        == #"{"apiVersion":"v1","kind":"DeleteOptions","gracePeriodSeconds":0,"propagationPolicy":"Orphan","preconditions":{"uid":"u-1","resourceVersion":"7"}}"#
    )
  }

  @Test("Names cannot lead elsewhere", arguments: ["", ".", "..", "a/b", "../secrets/a", "a%2fb"])
  func namesCannotLeadElsewhere(_ name: String) async throws {
    let (server, cluster) = try await FakeServer.answering { _ in .json(200, Self.object("a")) }
    defer { server.stop() }
    let configs = cluster.objects(.configMaps)
    // Without a name, this would be the way to delete all of them.
    await #expect(throws: KubernetesError.self) { try await configs.delete(name, in: "shop") }
    await #expect(throws: KubernetesError.self) { try await configs.delete("a", in: name) }
    await #expect(throws: KubernetesError.self) { try await configs.list(in: name) }
    await #expect(throws: KubernetesError.self) { try await configs.get("a", in: "shop", subresource: name) }
    await #expect(throws: KubernetesError.self) {
      try await cluster.pods.exec(ExecCommand(command: ["x"]), pod: name, in: "shop") { _ in }
    }
    #expect(server.questions.isEmpty)
  }

  @Test("What is in a namespace needs one") func whatIsInANamespaceNeedsOne() async throws {
    let (server, cluster) = try await FakeServer.answering { _ in .json(200, Self.object("a")) }
    defer { server.stop() }
    let error = await #expect(throws: KubernetesError.self) {
      try await cluster.objects(.configMaps).get("a")
    }
    #expect(error?.message == "the ConfigMap \"a\" is named without its namespace")
    await #expect(throws: KubernetesError.self) {
      try await cluster.objects(.configMaps).create(KubernetesObject(.configMaps, name: "a"), Self.options)
    }
    _ = try await cluster.objects(.namespaces).get("a")
    _ = try await cluster.objects(.namespaces).get("a?x=1#y")
    #expect(server.questions.map(\.target) == ["/api/v1/namespaces/a", "/api/v1/namespaces/a%3Fx%3D1%23y"])
  }

  // MARK: Refusals

  @Test("A refusal tells what the server does") func aRefusalTellsWhatTheServerDoes() async throws {
    let details: JSON = [
      "causes": [
        ["reason": "FieldManagerConflict", "message": "conflict with \"kubectl\"", "field": ".spec.replicas"]
      ]
    ]
    let (server, cluster) = try await FakeServer.answering { _ in
      .status(409, "Conflict", "Apply failed with 1 conflict", details: details)
    }
    defer { server.stop() }
    let error = await #expect(throws: KubernetesError.self) {
      try await cluster.objects(.configMaps).apply(Self.config, Self.options)
    }
    #expect(error?.isConflict == true && error?.isAlreadyExists == false)
    #expect(error?.message == "Apply failed with 1 conflict")
    #expect(
      error?.causes == [
        .init(reason: "FieldManagerConflict", message: "conflict with \"kubectl\"", field: ".spec.replicas")
      ])
    #expect(server.questions.count == 1)
  }

  @Test(
    "What is no API server is told",
    arguments: [
      (
        "HTTP/1.1 404 Not Found\r\nContent-Length: 18\r\n\r\n404 page not found",
        "answers 404 Not Found: 404 page not found"
      ),
      (
        "HTTP/1.1 403 Forbidden\r\nContent-Length: 22\r\n\r\n<html>\n<body>no</html>",
        "answers 403 Forbidden, without saying why"
      ),
      (
        "HTTP/1.1 302 Found\r\nLocation: https://login.example.com\r\nContent-Length: 0\r\n\r\n",
        "sends elsewhere, to https://login.example.com"
      ),
      ("HTTP/1.1 400 Bad Request\r\nContent-Length: 2\r\n\r\n{}", "answers 400 Bad Request: {}"),
      ("HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\n<html>", "the server's answer makes no sense"),
      ("SSH-2.0-OpenSSH_9.2p1\r\n\r\n", "something that is no HTTP"),
    ])
  func whatIsNoAPIServerIsTold(_ answer: String, _ message: String) async throws {
    let (server, cluster) = try await FakeServer.answering { _ in .sendAndClose([answer]) }
    defer { server.stop() }
    let error = await #expect(throws: KubernetesError.self) {
      try await cluster.objects(.configMaps).get("a", in: "shop")
    }
    #expect(error?.message.contains(message) == true, "\(error?.message ?? "")")
    #expect(server.questions.count == 1)
  }

  @Test(
    "A hostile server is given up",
    arguments: [
      FakeServer.Reply.sendForever("HTTP/1.1 200 OK\r\nX: ", String(repeating: "x", count: 4096)),
      .sendForever("HTTP/1.1 200 OK\r\n", (0..<100).map { "X-\($0): y\r\n" }.joined()),
      .sendAndClose([FakeServer.answer(200, String(repeating: "{\"a\":", count: 100_000))]),
      .sendForever(
        "HTTP/1.1 500 X\r\nTransfer-Encoding: chunked\r\n\r\n",
        "1000\r\n\(String(repeating: "x", count: 4096))\r\n"),
      .sendAndClose(["HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n{}"]),
      .sendAndClose(["HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n{}"]),
    ])
  func aHostileServerIsGivenUp(_ reply: FakeServer.Reply) async throws {
    let (server, cluster) = try await FakeServer.answering { _ in reply }
    defer { server.stop() }
    let error = await #expect(throws: KubernetesError.self) {
      try await cluster.objects(.configMaps).get("a", in: "shop")
    }
    #expect(error?.message.isEmpty == false)
  }

  @Test("Where nothing listens that is told at once") func whereNothingListensThatIsToldAtOnce() async throws
  {
    // A port that was free a moment ago may be another test's.
    let access = ClusterAccess(
      server: try ServerAddress("http://127.0.0.1:1", schemes: [.http]), trust: ServerTrust(),
      user: ClusterUser(name: "ada", token: "t0"), namespace: "shop", source: "context fake of /kubeconfig")
    let pauses = Pauses()
    let error = await #expect(throws: KubernetesError.self) {
      try await KubernetesClient.connect(
        to: access, programs: .refused(because: "test"), policy: .recording(pauses))
    }
    #expect(
      error?.message.contains("can't be reached: Connection refused") == true, "\(error?.message ?? "")")
    #expect(error?.help?.contains("context fake of /kubeconfig") == true)
    #expect(error?.mayHaveBeenDone == false)
    #expect(pauses.all == [])
  }

  @Test("What is no Kubernetes is told") func whatIsNoKubernetesIsTold() async throws {
    for reply in [
      FakeServer.Reply.json(200, ["version": "25"]), .sendAndClose([FakeServer.answer(200, "hello")]),
    ] {
      let server = try await FakeServer.start { _ in reply }
      defer { server.stop() }
      let error = await #expect(throws: KubernetesError.self) {
        try await KubernetesClient.connect(to: server.access(), programs: .refused(because: "test"))
      }
      #expect(error?.message.hasSuffix("answers, but it is no Kubernetes API server") == true)
    }
  }

  @Test("A server that keeps silent is given up") func aServerThatKeepsSilentIsGivenUp() async throws {
    let (server, cluster) = try await FakeServer.answering { _ in .nothing }
    defer { server.stop() }
    let error = await #expect(throws: KubernetesError.self) {
      try await cluster.transport.call(Request(.POST, ["x"]).within(.milliseconds(50)))
    }
    #expect(error?.message.contains("did not answer within") == true)
    #expect(error?.mayHaveBeenDone == true)
  }

  @Test("What is cancelled ends") func whatIsCancelledEnds() async throws {
    let (server, cluster) = try await FakeServer.answering { _ in .nothing }
    defer { server.stop() }
    let task = Task { try await cluster.objects(.configMaps).get("a", in: "shop") }
    while server.questions.isEmpty { await Task.yield() }
    task.cancel()
    await #expect(throws: CancellationError.self) { try await task.value }
  }

  // MARK: Asking again

  @Test("A server that has too much to do is waited for") func aServerThatHasTooMuchToDoIsWaitedFor()
    async throws
  {
    let pauses = Pauses()
    let (server, cluster) = try await FakeServer.answering(policy: .recording(pauses)) { request in
      switch order(request) {
      case 0: .status(429, "TooManyRequests", headers: ["Retry-After: 2"])
      case 1: .status(429, "TooManyRequests", details: ["retryAfterSeconds": 3])
      case 2: .status(429, "TooManyRequests")
      case 3: .send([FakeServer.answer(503, "busy", headers: ["Retry-After: 1"])])
      default: .json(201, Self.object("a"))
      }
    }
    defer { server.stop() }
    // A refusal like this is no loss: what may not be repeated is asked again, too.
    _ = try await cluster.objects(.configMaps).patch("a", in: "shop", .steps([]), Self.options)
    #expect(server.questions.count == 5)
    #expect(pauses.all == [.seconds(2.25), .seconds(3.25), .milliseconds(250), .seconds(1.25)])
  }

  @Test("A server that has too much to do for long is given up")
  func aServerThatHasTooMuchToDoForLongIsGivenUp() async throws {
    let pauses = Pauses()
    let (server, cluster) = try await FakeServer.answering(policy: .recording(pauses)) { _ in
      .status(429, "TooManyRequests", headers: ["Retry-After: 30"])
    }
    defer { server.stop() }
    let error = await #expect(throws: KubernetesError.self) {
      try await cluster.objects(.pods).list(in: "shop")
    }
    #expect(error?.status == 429)
    #expect(error?.help?.contains("too much to do for minutes") == true)
    #expect(pauses.all.count == 3)
  }

  @Test("Reading is asked again") func readingIsAskedAgain() async throws {
    let pauses = Pauses()
    let (server, cluster) = try await FakeServer.answering(policy: .recording(pauses)) { request in
      switch order(request) {
      case 0: .drop
      case 1: .sendAndClose(["HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n{\"kind\""])
      case 2: .status(500, "InternalError", "etcdserver: leader changed")
      case 3: .send([FakeServer.answer(502, "<html>bad gateway</html>")])
      default: .json(200, Self.object("a"))
      }
    }
    defer { server.stop() }
    #expect(try await cluster.objects(.configMaps).get("a", in: "shop").name == "a")
    #expect(pauses.all == [.milliseconds(250), .milliseconds(500), .seconds(1), .seconds(2)])
  }

  @Test("There is an end to asking again") func thereIsAnEndToAskingAgain() async throws {
    let (server, cluster) = try await FakeServer.answering { _ in
      .status(500, "InternalError", "it broke down")
    }
    defer { server.stop() }
    let error = await #expect(throws: KubernetesError.self) {
      try await cluster.objects(.configMaps).get("a", in: "shop")
    }
    #expect(error?.message == "it broke down")
    #expect(server.questions.count == RetryPolicy().attempts)
  }

  // MARK: Lost answers

  /// What becomes of a call whose first answer is lost, and whose second is this one.
  private func afterLoss(
    _ second: FakeServer.Reply, found: FakeServer.Reply = .status(404, "NotFound"),
    _ call: (ObjectCalls) async throws -> Void
  ) async throws -> (methods: [String], error: KubernetesError?) {
    let (server, cluster) = try await FakeServer.answering { request in
      if request.method == "GET" { return found }
      return request.number == 1 ? .drop : second
    }
    defer { server.stop() }
    do {
      try await call(cluster.objects(.configMaps))
      return (server.questions.map(\.method), nil)
    } catch let error as KubernetesError {
      return (server.questions.map(\.method), error)
    }
  }

  private static func marked(_ manager: String, run: String) -> JSON {
    var json = object("a", ["x": "defaulted"])
    json["metadata"]?["annotations"] = ["berth.run": .string(run), "more": "y"]
    json["metadata"]?["managedFields"] = [["manager": .string(manager), "operation": "Update"]]
    return json
  }

  private static var mine: KubernetesObject {
    var object = config
    object.metadata["annotations"] = ["berth.run": "7"]
    return object
  }

  @Test("A lost creation is recognized by its marks") func aLostCreationIsRecognizedByItsMarks() async throws
  {
    let exists = FakeServer.Reply.status(409, "AlreadyExists")
    let create: (ObjectCalls) async throws -> Void = { _ = try await $0.create(Self.mine, Self.options) }
    let ours = try await afterLoss(exists, found: .json(200, Self.marked("berth", run: "7")), create)
    #expect(ours.error == nil)
    #expect(ours.methods == ["POST", "POST", "GET"])
    for found in [Self.marked("berth", run: "8"), Self.marked("kubectl", run: "7")] {
      let others = try await afterLoss(exists, found: .json(200, found), create)
      #expect(others.error?.isAlreadyExists == true)
    }
    let gone = try await afterLoss(exists, create)
    #expect(gone.error?.isAlreadyExists == true)
    // It was not made at all, so the second one is.
    let made = try await afterLoss(.json(201, Self.object("a")), create)
    #expect(made.error == nil && made.methods == ["POST", "POST"])
    // Without marks, it may be another's.
    let plain = try await afterLoss(exists, found: .json(200, Self.marked("berth", run: "7"))) {
      _ = try await $0.create(Self.config, Self.options)
    }
    #expect(plain.error?.isAlreadyExists == true)
  }

  @Test("A creation that is refused at once is not ours") func aCreationThatIsRefusedAtOnceIsNotOurs()
    async throws
  {
    let (server, cluster) = try await FakeServer.answering { request in
      request.method == "GET" ? .json(200, Self.marked("berth", run: "7")) : .status(409, "AlreadyExists")
    }
    defer { server.stop() }
    let error = await #expect(throws: KubernetesError.self) {
      try await cluster.objects(.configMaps).create(Self.mine, Self.options)
    }
    #expect(error?.isAlreadyExists == true)
    #expect(server.questions.map(\.method) == ["POST"])
  }

  @Test("What has no name is not made twice") func whatHasNoNameIsNotMadeTwice() async throws {
    var object = Self.config
    object.metadata = ["generateName": "a-", "namespace": "shop"]
    let lost = try await afterLoss(.json(201, Self.object("a"))) {
      _ = try await $0.create(object, Self.options)
    }
    #expect(lost.methods == ["POST"])
    #expect(lost.error?.mayHaveBeenDone == true)
    #expect(lost.error?.help?.hasPrefix("what was asked for may have been done or not") == true)
  }

  @Test("A lost update is recognized by what it wrote") func aLostUpdateIsRecognizedByWhatItWrote()
    async throws
  {
    let conflict = FakeServer.Reply.status(409, "Conflict")
    let update: (ObjectCalls) async throws -> Void = {
      _ = try await $0.update(
        KubernetesObject(Self.object("a", ["holder": "me", "time": "12:00"], version: "7")), Self.options)
    }
    let ours = try await afterLoss(
      conflict,
      found: .json(200, Self.object("a", ["holder": "me", "time": "12:00", "more": "x"], version: "8")),
      update)
    #expect(ours.error == nil)
    #expect(ours.methods == ["PUT", "PUT", "GET"])
    for data: JSON in [["holder": "you", "time": "12:00"], ["holder": "me", "time": "12:01"], [:]] {
      let others = try await afterLoss(
        conflict, found: .json(200, Self.object("a", data, version: "8")), update)
      #expect(others.error?.isConflict == true)
    }
    let done = try await afterLoss(.json(200, Self.object("a")), update)
    #expect(done.error == nil && done.methods == ["PUT", "PUT"])
  }

  @Test("An apply is asked again") func anApplyIsAskedAgain() async throws {
    let done = try await afterLoss(.json(200, Self.object("a"))) {
      _ = try await $0.apply(Self.config, Self.options)
    }
    #expect(done.error == nil && done.methods == ["PATCH", "PATCH"])
    // Another manager's field is no trace of ours.
    let conflict = try await afterLoss(.status(409, "Conflict"), found: .json(200, Self.config.json)) {
      _ = try await $0.apply(Self.config, Self.options)
    }
    #expect(conflict.error?.isConflict == true && conflict.methods == ["PATCH", "PATCH"])
    let version = KubernetesObject(Self.object("a", ["x": "1"], version: "7"))
    let settled = try await afterLoss(
      .status(409, "Conflict"), found: .json(200, Self.object("a", ["x": "1"], version: "8"))
    ) { _ = try await $0.apply(version, Self.options) }
    #expect(settled.error == nil && settled.methods == ["PATCH", "PATCH", "GET"])
  }

  @Test("Only a patch that says what shall be is asked again")
  func onlyAPatchThatSaysWhatShallBeIsAskedAgain() async throws {
    for (patch, isRepeated) in [
      (Patch.merge(["data": [:]]), true), (.strategic([:]), false), (.steps([]), false),
    ] {
      let result = try await afterLoss(.json(200, Self.object("a"))) {
        _ = try await $0.patch("a", in: "shop", patch, Self.options)
      }
      #expect(result.methods.count == (isRepeated ? 2 : 1))
      #expect((result.error?.mayHaveBeenDone == true) == !isRepeated)
    }
    let merge: JSON = ["metadata": ["resourceVersion": "7"], "data": ["x": "1"]]
    let settled = try await afterLoss(
      .status(409, "Conflict"), found: .json(200, Self.object("a", ["x": "1", "y": "2"], version: "8"))
    ) { _ = try await $0.patch("a", in: "shop", .merge(merge), Self.options) }
    #expect(settled.error == nil)
  }

  @Test("A lost deletion is recognized by the UID") func aLostDeletionIsRecognizedByTheUID() async throws {
    let known: (ObjectCalls) async throws -> Void = {
      try await $0.delete("a", in: "shop", Deletion(uid: "u-1"))
    }
    let gone = try await afterLoss(.status(404, "NotFound"), known)
    #expect(gone.error == nil && gone.methods == ["DELETE", "DELETE"])
    var other = Self.object("a")
    other["metadata"]?["uid"] = "u-2"
    let another = try await afterLoss(.status(409, "Conflict"), found: .json(200, other), known)
    #expect(another.error == nil)
    let still = try await afterLoss(.status(409, "Conflict"), found: .json(200, Self.object("a")), known)
    #expect(still.error?.isConflict == true)
    let unknown = try await afterLoss(.status(404, "NotFound")) { try await $0.delete("a", in: "shop") }
    #expect(unknown.methods == ["DELETE"])
    #expect(unknown.error?.mayHaveBeenDone == true)
  }

  // MARK: Lists

  private static func page(_ names: [String], next: String? = nil, version: String = "7") -> FakeServer.Reply
  {
    var metadata: JSON = ["resourceVersion": .string(version)]
    metadata["continue"] = next.map(JSON.string)
    return .json(
      200,
      [
        "kind": "ConfigMapList", "apiVersion": "v1", "metadata": metadata,
        "items": .array(names.map { ["metadata": ["name": .string($0)]] }),
      ])
  }

  @Test("Pages are put together") func pagesArePutTogether() async throws {
    let (server, cluster) = try await FakeServer.answering { request in
      switch request["continue"] {
      case "2": Self.page(["c"], version: "8")
      case "1": Self.page(["b"], next: "2", version: "8")
      default: Self.page(["a"], next: "1")
      }
    }
    defer { server.stop() }
    let list = try await cluster.objects(.configMaps).list(
      in: "shop", Selection(labels: "a in (b, c)"), pageSize: 1)
    #expect(list.items.map(\.name) == ["a", "b", "c"])
    #expect(list.items.allSatisfy { $0.kind == "ConfigMap" && $0.apiVersion == "v1" })
    #expect(list.resourceVersion == "7")
    #expect(server.questions.map { $0["limit"] } == ["1", "1", "1"])
    #expect(server.questions.allSatisfy { $0["labelSelector"] == "a in (b, c)" })
  }

  @Test("A list whose pages are forgotten begins anew") func aListWhosePagesAreForgottenBeginsAnew()
    async throws
  {
    let (server, cluster) = try await FakeServer.answering { request in
      if request["continue"] != nil { return .status(410, "Expired") }
      return request["limit"] == nil ? Self.page(["a", "b"], version: "9") : Self.page(["old"], next: "1")
    }
    defer { server.stop() }
    let list = try await cluster.objects(.configMaps).list(in: "shop", pageSize: 1)
    #expect(list.items.map(\.name) == ["a", "b"])
    #expect(list.resourceVersion == "9")
    #expect(server.questions.map { $0["continue"] ?? "-" } == ["-", "1", "-", "1", "-"])
  }

  @Test("A list without end is given up") func aListWithoutEndIsGivenUp() async throws {
    let (server, cluster) = try await FakeServer.answering { _ in Self.page(["a"], next: "1") }
    defer { server.stop() }
    let error = await #expect(throws: KubernetesError.self) {
      try await cluster.objects(.configMaps).list(in: "shop")
    }
    #expect(error?.message == "the server gives the same page of configmaps a second time")
  }

  @Test("What is no list is an error") func whatIsNoListIsAnError() async throws {
    let (server, cluster) = try await FakeServer.answering { _ in
      .json(200, ["kind": "ConfigMap", "metadata": [:]])
    }
    defer { server.stop() }
    let error = await #expect(throws: KubernetesError.self) { try await cluster.objects(.configMaps).list() }
    #expect(error?.message.contains("it was asked for configmaps, and gives no list") == true)
  }

  // MARK: Credentials

  @Test("Credentials that are refused are renewed in mid run")
  func credentialsThatAreRefusedAreRenewedInMidRun() async throws {
    let folder = try TemporaryFolder()
    let script = """
      #!/bin/sh
      echo x >>\(folder.path)/runs
      n=$(wc -l <\(folder.path)/runs)
      printf '{"kind":"ExecCredential","apiVersion":"client.authentication.k8s.io/v1","status":{"token":"t%d"}}' $n
      """
    let user = ClusterUser(
      name: "ada", plugin: ExecPlugin(command: try folder.write("plugin", script, isProgram: true)))
    let programs = ProgramPermission.granted(
      environment: ProcessInfo.processInfo.environment, isInteractive: false)
    let (server, cluster) = try await FakeServer.answering(programs: programs, user: user) { request in
      request.headers["authorization"] == "Bearer t2"
        ? .json(201, Self.object("a")) : .status(401, "Unauthorized")
    }
    defer { server.stop() }
    // A server that does not know who asks has done nothing, so this is asked again, too.
    _ = try await cluster.objects(.configMaps).patch("a", in: "shop", .steps([]), Self.options)
    #expect(server.questions.map { $0.headers["authorization"] } == ["Bearer t1", "Bearer t2"])
    #expect(folder.read("runs") == "x\nx\n")
  }

  @Test("Credentials that are refused for good are told so") func credentialsThatAreRefusedForGoodAreToldSo()
    async throws
  {
    let (server, cluster) = try await FakeServer.answering { _ in .status(401, "Unauthorized", "Unauthorized")
    }
    defer { server.stop() }
    let error = await #expect(throws: KubernetesError.self) {
      try await cluster.objects(.configMaps).get("a", in: "shop")
    }
    #expect(error?.isUnauthorized == true)
    #expect(error?.message.contains("does not know the user \"ada\" of context fake of /kubeconfig") == true)
    #expect(server.questions.count == 1)
  }
}

/// How many questions came before this one.
private func order(_ request: FakeServer.Request) -> Int { request.number - 1 }
