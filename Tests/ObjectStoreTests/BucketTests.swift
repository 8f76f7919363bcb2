import AWSTestSupport
import Diagnostics
import Planning
import ProviderContract
import ProviderKit
import Testing

@testable import ObjectStore

/// What berth makes of buckets that are not as they should be.
@Suite struct BucketTests {
  private func with(
    _ manner: FakeBucket.Manner = FakeBucket.Manner(), _ body: (FakeBucket) async throws -> Void
  ) async throws {
    let fake = try await FakeBucket.start(manner)
    do { try await body(fake) } catch {
      await fake.server.stop()
      throw error
    }
    await fake.server.stop()
  }

  /// The code of what a write is refused with.
  private func refusal(_ manner: FakeBucket.Manner, leaves: [String] = []) async throws -> StoreError? {
    var refusal: StoreError?
    try await with(manner) { fake in
      let registers = ObjectRegisters(connection: try fake.connection())
      refusal = await #expect(throws: StoreError.self) {
        try await registers.create("heads/default_shop", [1])
      }
      #expect(fake.keys == leaves)
    }
    return refusal
  }

  @Test("A store that ignores conditions is refused before the first write, and nothing is left there")
  func aStoreThatIgnoresConditions() async throws {
    let error = try await refusal(FakeBucket.Manner(ignoresConditions: true))
    #expect(error?.code == .storeWithoutConditions && error?.message.contains("If-None-Match") == true)
  }

  @Test("A bucket with versions is refused") func aBucketWithVersions() async throws {
    let error = try await refusal(FakeBucket.Manner(isVersioned: true))
    #expect(error?.code == .bucketVersioned && error?.help?.contains("suspend") == true)
  }

  @Test("A policy that forbids to write, or to delete, is named before the first write")
  func aPolicyThatForbids() async throws {
    let write = try await refusal(FakeBucket.Manner(forbidden: ["PUT"]))
    #expect(
      write?.code == .bucketForbids
        && write?.help?.contains("s3:PutObject on arn:aws:s3:::history/team/berth/*") == true)
    try await with(FakeBucket.Manner(forbidden: ["DELETE"])) { fake in
      let registers = ObjectRegisters(connection: try fake.connection())
      let error = await #expect(throws: StoreError.self) {
        try await registers.create("heads/default_shop", [1])
      }
      #expect(error?.code == .bucketForbids && error?.help?.contains("s3:DeleteObject") == true)
      #expect(fake.keys.allSatisfy { $0.hasPrefix("team/berth/probes/") })
    }
    try await with(FakeBucket.Manner(forbidden: ["GET"])) { fake in
      let keeper = BucketKeeper(try fake.connection())
      let error = await #expect(throws: StoreError.self) { try await keeper.connect() }
      #expect(
        error?.code == .bucketForbids
          && error?.help?.contains("s3:ListBucket on arn:aws:s3:::history;") == true)
    }
  }

  @Test(
    "What a bucket refuses has a code of its own",
    arguments: [
      (FakeBucket.error(404, "NoSuchBucket"), DiagnosticCode.bucketMissing, "there is no bucket `history`"),
      (
        FakeBucket.error(400, "AuthorizationHeaderMalformed", "<Region>eu-west-1</Region>"), .bucketElsewhere,
        "is in the region eu-west-1, and is asked in eu-central-1"
      ),
      (
        LoopbackServer.Reply(
          301, "<Error><Code>PermanentRedirect</Code><Endpoint>x</Endpoint></Error>",
          headers: [("x-amz-bucket-region", "us-west-2")]), .bucketElsewhere, "us-west-2"
      ),
      (LoopbackServer.Reply(307), .bucketElsewhere, "in another region"),
      (FakeBucket.error(403, "InvalidAccessKeyId"), .credentialsRefused, "InvalidAccessKeyId"),
      (FakeBucket.error(403, "SignatureDoesNotMatch"), .credentialsRefused, "SignatureDoesNotMatch"),
      (FakeBucket.error(400, "ExpiredToken"), .credentialsRefused, "ExpiredToken"),
      (FakeBucket.error(403, "AccessDenied"), .bucketForbids, "refuses to list"),
      (FakeBucket.error(400, "KeyTooLongError"), .storeUnusable, "KeyTooLongError"),
      (LoopbackServer.Reply(200, "<html></html"), .storeUnusable, "makes no sense"),
    ] as [(LoopbackServer.Reply, DiagnosticCode, String)])
  func whatABucketRefuses(reply: LoopbackServer.Reply, code: DiagnosticCode, words: String) async throws {
    try await with(FakeBucket.Manner(reply: reply)) { fake in
      let keeper = BucketKeeper(try fake.connection())
      let error = await #expect(throws: StoreError.self) { try await keeper.connect() }
      #expect(error?.code == code && error?.message.contains(words) == true, "\(error?.message ?? "")")
      #expect("\(String(describing: error))".contains("planted") == false)
    }
  }

  @Test("It is tried out once, however many write") func itIsTriedOutOnce() async throws {
    try await with { fake in
      let registers = ObjectRegisters(connection: try fake.connection())
      await withTaskGroup(of: Void.self) { group in
        for number in 0..<20 {
          group.addTask { _ = try? await registers.create("heads/default_w\(number)", [1]) }
        }
      }
      #expect(fake.server.questions.filter { $0.path.contains("/probes/") }.count == 6)
      #expect(fake.keys.count == 20 && fake.keys.allSatisfy { $0.hasPrefix("team/berth/heads/") })
    }
  }

  @Test("Reading writes nothing") func readingWritesNothing() async throws {
    try await with { fake in
      let keeper = BucketKeeper(try fake.connection())
      try await keeper.connect()
      let store = try await keeper.store(
        of: EngineIdentity(provider: "docker", id: "7f"), limits: HistoryLimits())
      let key = WorkloadKey(name: "shop")
      #expect(try await store.workloads(in: nil).isEmpty)
      #expect(try await store.lastRelease(of: key) == nil)
      #expect(try await store.lock(of: key) == nil)
      #expect(fake.server.questions.allSatisfy { $0.method == "GET" })
    }
  }

  @Test("Lists are read page by page") func listsAreReadPageByPage() async throws {
    try await with(FakeBucket.Manner(page: 3)) { fake in
      let registers = ObjectRegisters(connection: try fake.connection())
      let names = (0..<8).map { "heads/default_w\($0)" }
      for name in names { #expect(try await registers.create(name, Array(name.utf8))) }
      #expect(try await registers.list("heads/", contents: false).map(\.name) == names)
      let whole = try await registers.list("heads/", contents: true)
      #expect(whole.map(\.contents) == names.map { Array($0.utf8) })
      #expect(try await whole.map(\.version) == registers.list("heads/", contents: false).map(\.version))
    }
  }

  @Test("An object that berth did not write is in the way, and told") func anObjectOfOthers() async throws {
    try await with { fake in
      let registers = ObjectRegisters(connection: try fake.connection())
      fake.plant("team/berth/heads/default_shop", "hello")
      let error = await #expect(throws: StoreError.self) { try await registers.get("heads/default_shop") }
      #expect(error?.message.contains("in the way") == true)
      #expect(try await !registers.create("heads/default_shop", [1]))
    }
  }

  // MARK: Every way of deleting

  private struct Harness: StoreHarness {
    let fake: FakeBucket
    func open() async throws -> any ReleaseStore {
      try await BucketKeeper(try fake.connection()).store(
        of: EngineIdentity(provider: "docker", id: "7TRN:IPZB"), limits: HistoryLimits())
    }
  }

  @Test(
    "The contract of stores holds, whatever becomes of deletions with a condition",
    arguments: FakeBucket.Deletions.allCases,
    StoreContract.cases)
  func theContractHolds(_ deletions: FakeBucket.Deletions, _ contract: StoreCase) async throws {
    try await with(FakeBucket.Manner(deletions: deletions)) { try await contract.run(Harness(fake: $0)) }
  }

  @Test("What is gone is gone, and may be made anew", arguments: FakeBucket.Deletions.allCases)
  func whatIsGoneIsGone(_ deletions: FakeBucket.Deletions) async throws {
    try await with(FakeBucket.Manner(deletions: deletions)) { fake in
      let registers = ObjectRegisters(connection: try fake.connection())
      for name in ["locks/default_shop", "records/default_shop/runs/1"] {
        #expect(try await registers.create(name, [1]))
        let first = try #require(try await registers.get(name))
        #expect(try await !registers.swap(name, from: RegisterVersion("0"), to: nil))
        #expect(try await registers.swap(name, from: first.version, to: nil))
        #expect(try await registers.get(name) == nil)
        #expect(try await registers.list(name, contents: false).isEmpty)
        #expect(try await registers.list(name, contents: true).isEmpty)
        #expect(try await !registers.swap(name, from: first.version, to: [2]))
        #expect(try await registers.create(name, [1]))
        // The same contents are another state.
        #expect(try await registers.get(name)?.version != first.version)
        #expect(try await !registers.create(name, [3]))
      }
    }
  }
}
