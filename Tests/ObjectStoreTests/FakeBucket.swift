import AWSTestSupport
import Crypto
import Synchronization
import Values

@testable import AWSAPI
@testable import ObjectStore

/// A store with one bucket, in memory, that behaves as a test says. What it does with conditions is as S3 does it, unless it is
/// told otherwise.
struct FakeBucket: Sendable {
  /// How it differs from S3.
  struct Manner: Sendable {
    /// Whether writes are done whatever their condition says.
    var ignoresConditions = false
    /// What becomes of a deletion that depends on a condition.
    var deletions = Deletions.asSaid
    /// Whether it keeps versions.
    var isVersioned = false
    /// The methods that are refused with 403.
    var forbidden: Set<String> = []
    /// What every request is answered with, in place of anything else.
    var reply: LoopbackServer.Reply?
    /// How many objects a page of a list has.
    var page = 1000
  }

  /// What becomes of a deletion that depends on a condition.
  enum Deletions: Sendable, CaseIterable {
    /// What the condition says.
    case asSaid
    /// It is done whatever the condition says.
    case done
    /// It is refused as something unknown.
    case unknown
  }

  let server: LoopbackServer
  private let objects: Objects

  private final class Objects: Sendable {
    let held = Mutex<[String: [UInt8]]>([:])
  }

  static func start(_ manner: Manner = Manner()) async throws -> FakeBucket {
    let objects = Objects()
    let server = try await LoopbackServer.start { question in
      objects.held.withLock { answer(question, &$0, manner) }
    }
    return FakeBucket(server: server, objects: objects)
  }

  /// The keys of the objects, in order.
  var keys: [String] { objects.held.withLock { $0.keys.sorted() } }

  /// Writes an object behind berth's back.
  func plant(_ key: String, _ text: String) { objects.held.withLock { $0[key] = Array(text.utf8) } }

  /// A connection to it, as the options of a target lead there.
  func connection(prefix: String = "team/berth/") throws -> BucketConnection {
    let address = try AWSRegion.address(server.address, "the fake")
    let door = try WebDoor(environment: [:])
    let environment = [
      "HOME": "/nowhere", "AWS_ACCESS_KEY_ID": "AKIA1", "AWS_SECRET_ACCESS_KEY": "planted-secret",
    ]
    let context = CredentialContext(
      settings: try AWSSettings(environment: environment), door: door, region: nil, programs: .granted)
    let client = AWSClient(
      "s3", at: address, region: "eu-central-1", credentials: CredentialSupply(context), door: door)
    return BucketConnection { Bucket(name: "history", prefix: prefix, client: client, isInPath: true) }
  }

  // MARK: Answering

  private static func answer(
    _ question: LoopbackServer.Question, _ objects: inout [String: [UInt8]], _ manner: Manner
  ) -> LoopbackServer.Reply {
    if let reply = manner.reply { return reply }
    guard question.path.hasPrefix("/history") else { return error(404, "NoSuchBucket") }
    guard !manner.forbidden.contains(question.method) else { return error(403, "AccessDenied") }
    let key = String(question.path.dropFirst("/history/".count))
    let held = objects[key]
    let mustMatch = question.headers["If-Match"].first
    switch question.method {
    case "GET" where question.path == "/history": return list(question, objects, page: manner.page)
    case "GET":
      guard let held else { return error(404, "NoSuchKey") }
      return .init(200, bytes: held, headers: [("ETag", tag(held))])
    case "PUT":
      if !manner.ignoresConditions {
        if question.headers["If-None-Match"] == ["*"], held != nil { return error(412, "PreconditionFailed") }
        if let mustMatch {
          guard let held else { return error(404, "NoSuchKey") }
          guard mustMatch == tag(held) else { return error(412, "PreconditionFailed") }
        }
      }
      objects[key] = question.body
      return .init(
        200,
        headers: [("ETag", tag(question.body))] + (manner.isVersioned ? [("x-amz-version-id", "v1")] : []))
    case "DELETE":
      if let mustMatch {
        switch manner.deletions {
        case .asSaid:
          guard let held else { return error(404, "NoSuchKey") }
          guard mustMatch == tag(held) else { return error(412, "PreconditionFailed") }
        case .unknown: return error(501, "NotImplemented")
        case .done: break
        }
      }
      objects[key] = nil
      return .init(204)
    default: return error(405, "MethodNotAllowed")
    }
  }

  private static func list(
    _ question: LoopbackServer.Question, _ objects: [String: [UInt8]], page: Int
  ) -> LoopbackServer.Reply {
    let fields = Dictionary(
      question.query.split(separator: "&").map { field in
        let parts = field.split(separator: "=", maxSplits: 1)
        return (String(parts[0]), String(parts.count > 1 ? parts[1] : "").replacing("%2F", with: "/"))
      }
    ) { first, _ in first }
    let found = objects.filter { $0.key.hasPrefix(fields["prefix"] ?? "") }.sorted { $0.key < $1.key }
      .filter { $0.key > fields["continuation-token"] ?? "" }
    let shown = found.prefix(min(page, fields["max-keys"].flatMap { Int($0) } ?? 1000))
    let items = shown.map { key, held in
      "<Contents><Key>\(key)</Key><ETag>&quot;\(tag(held).filter { $0 != "\"" })&quot;</ETag><Size>\(held.count)</Size></Contents>"
    }
    let hasMore = shown.count < found.count
    let next = hasMore ? "<NextContinuationToken>\(shown.last?.key ?? "")</NextContinuationToken>" : ""
    return .init(
      200,
      "<?xml version=\"1.0\"?>\n<ListBucketResult xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><Name>history</Name>"
        + "<IsTruncated>\(hasMore)</IsTruncated>\(items.joined())\(next)</ListBucketResult>")
  }

  private static func tag(_ bytes: [UInt8]) -> String { "\"\(Hex.lower(Insecure.MD5.hash(data: bytes)))\"" }

  static func error(_ status: Int, _ code: String, _ more: String = "") -> LoopbackServer.Reply {
    .init(
      status,
      "<?xml version=\"1.0\"?>\n<Error><Code>\(code)</Code><Message>as a test says</Message>\(more)</Error>")
  }
}
