import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization
import Values

/// A forge on this machine: it keeps one repository with pull requests and their comments, as GitHub, GitLab or Gitea do, and
/// fails as it is told.
///
/// What it answers has all that the published descriptions of the APIs require, and ForgeTests holds it to them.
public final class FakeForge: Sendable {
  /// Whose API it has.
  public enum Kind: String, Sendable, CaseIterable { case github, gitlab, gitea }

  /// A request that came.
  public struct Request: Sendable {
    /// Its method.
    public let method: String
    /// The path and the query.
    public let target: String
    /// Its headers.
    public let headers: HTTPHeaders
    /// What was sent with it.
    public let body: String

    /// The path without the query.
    public var path: String { String(target.prefix { $0 != "?" }) }
    /// What was sent with it, as JSON.
    public var json: JSON? { try? JSON(parsing: body.utf8) }

    /// What a query says under a name.
    func query(_ name: String) -> String? {
      for item in target.drop(while: { $0 != "?" }).dropFirst().split(separator: "&") {
        let parts = item.split(separator: "=", maxSplits: 1).map(String.init)
        if parts.first == name { return parts.count > 1 ? parts[1] : "" }
      }
      return nil
    }
  }

  /// What goes wrong with a request.
  public enum Fault: Sendable {
    /// It is refused with a status, and further headers.
    case status(Int, headers: [(String, String)] = [], message: String = "it refuses")
    /// What is asked is done, and the connection closed without an answer.
    case lostAnswer
    /// The connection is closed, and nothing done.
    case hangUp
    /// It is answered with a page for browsers.
    case page
  }

  /// A user.
  public struct User: Sendable, Equatable {
    /// Its number.
    public let id: Int64
    /// Its name.
    public let name: String
    /// Whether it is an app.
    public var isBot = false

    /// The one whose token it is.
    public static let own = User(id: 7, name: "berth-bot")
    /// The one whose token it is where an app has it.
    public static let app = User(id: 41_898_282, name: "github-actions[bot]", isBot: true)
    /// Who sends pull requests.
    public static let stranger = User(id: 13, name: "mallory")
  }

  /// A comment on a pull request.
  public struct Comment: Sendable {
    /// Its number.
    public let id: Int64
    /// What it says.
    public var text: String
    /// Who wrote it.
    public let author: User
    /// Whether the forge itself wrote it.
    public var isSystem = false
  }

  /// A pull request that was merged.
  public struct Merge: Sendable {
    /// The number of the pull request.
    public let number: Int64
    /// The commit that the merge made.
    public let commit: String
    /// The branch that it was merged into.
    public let branch: String

    /// A pull request that was merged.
    public init(number: Int64, commit: String, branch: String) {
      self.number = number
      self.commit = commit
      self.branch = branch
    }
  }

  /// An issue.
  public struct Issue: Sendable, Equatable {
    /// Its number.
    public let number: Int64
    /// Its title.
    public var title: String
    /// What it says.
    public var text: String
    /// Who opened it.
    public let author: User
    /// Whether it is open.
    public var isOpen = true
  }

  struct State: Sendable {
    var issues: [Issue] = []
    var comments: [Int64: [Comment]] = [:]
    var merges: [Merge] = []
    var faults: [(method: String, fault: Fault)] = []
    var requests: [Request] = []
    var problems: [String] = []
    var nextID: Int64 = 1
    var isApp = false
    var pageSize = 50
  }

  /// Whose API it has.
  public let kind: Kind
  /// Where it listens.
  public let port: Int
  /// What every request must be signed with.
  public static let token = "planted-token-4f1c"
  private let server: any Channel
  private let state: Shared

  private final class Shared: Sendable { let value = Mutex(State()) }

  /// Listens on a port of the loopback address.
  public init(_ kind: Kind) async throws {
    let shared = Shared()
    let server = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.configureHTTPServerPipeline()
          try channel.pipeline.syncOperations.addHandler(
            ForgeHandler { request in
              shared.value.withLock { FakeForge.answer(request, kind, &$0) }
            })
        }
      }
      .bind(host: "127.0.0.1", port: 0).get()
    self.kind = kind
    self.server = server
    state = shared
    port = server.localAddress?.port ?? 0
  }

  /// Listens no more.
  public func stop() { server.close(promise: nil) }

  // MARK: What there is

  /// The requests that came.
  public var requests: [Request] { state.value.withLock { $0.requests } }
  /// Requests that no such API takes.
  public var problems: [String] { state.value.withLock { $0.problems } }

  /// The comments on a pull request, in their order.
  public func comments(_ number: Int64) -> [Comment] { state.value.withLock { $0.comments[number] ?? [] } }

  /// The issues, open or not.
  public var issues: [Issue] { state.value.withLock { $0.issues } }

  /// Opens an issue as its author does.
  public func open(_ title: String, by author: User) {
    state.value.withLock { state in
      state.issues.append(
        Issue(number: Int64(state.issues.count + 100), title: title, text: "", author: author))
    }
  }

  /// Adds a comment as its author does.
  public func add(_ text: String, by author: User, to number: Int64, isSystem: Bool = false) {
    state.value.withLock { state in
      state.comments[number, default: []].append(
        Comment(id: state.nextID, text: text, author: author, isSystem: isSystem))
      state.nextID += 1
    }
  }

  /// Takes a comment away as its author does.
  public func remove(_ id: Int64, of number: Int64) {
    state.value.withLock { $0.comments[number]?.removeAll { $0.id == id } }
  }

  /// Merges a pull request.
  public func merge(_ merge: Merge) { state.value.withLock { $0.merges.append(merge) } }

  /// Lets the next request with a method fail; several of them one after the other.
  public func fail(_ method: String, _ fault: Fault) {
    state.value.withLock { $0.faults.append((method, fault)) }
  }

  /// Makes the token that of an app, which does not say whose it is.
  public func becomeApp() { state.value.withLock { $0.isApp = true } }

  /// Sets how many comments a page has at most.
  public func setPageSize(_ size: Int) { state.value.withLock { $0.pageSize = size } }

  /// The environment of a job.
  ///
  /// - Parameters:
  ///   - pullRequest: the pull request that it runs for.
  ///   - commit: the commit that it runs for, on `main`.
  public func environment(pullRequest: Int64? = nil, commit: String? = nil) -> [String: String] {
    var variables: [String: String]
    switch kind {
    case .github, .gitea:
      variables = [
        "GITHUB_ACTIONS": "true", "GITHUB_REPOSITORY": "ada/shop",
        "GITHUB_API_URL": "http://127.0.0.1:\(port)" + prefix, "GITHUB_REF_NAME": "main",
        "GITHUB_REF": pullRequest.map { "refs/pull/\($0)/merge" } ?? "refs/heads/main",
        kind == .github ? "GITHUB_TOKEN" : "GITEA_TOKEN": Self.token,
      ]
      variables["GITHUB_SHA"] = commit
    case .gitlab:
      variables = [
        "GITLAB_CI": "true", "CI_API_V4_URL": "http://127.0.0.1:\(port)" + prefix, "CI_PROJECT_ID": "5",
        "GITLAB_TOKEN": Self.token,
      ]
      variables["CI_MERGE_REQUEST_IID"] = pullRequest.map { "\($0)" }
      variables["CI_COMMIT_SHA"] = commit
      if pullRequest == nil { variables["CI_COMMIT_BRANCH"] = "main" }
    }
    return variables
  }

  private var prefix: String { Self.prefix(kind) }

  static func prefix(_ kind: Kind) -> String {
    switch kind {
    case .github: ""
    case .gitlab: "/api/v4"
    case .gitea: "/api/v1"
    }
  }
}
