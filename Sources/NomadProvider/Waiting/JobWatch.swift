import NomadAPI
import ProviderKit
import Synchronization

/// A job with what belongs to it, as blocking queries tell of it. Servers that are away for a while are waited for.
struct JobWatch: Sendable {
  let client: NomadClient
  let namespace: String
  /// What the job is called.
  let id: String
  /// Until when servers are waited for that are away.
  let end: ContinuousClock.Instant
  /// Where to say that they are.
  let report: @Sendable (String) -> Void

  /// All that is there, at one moment.
  struct Scene: Sendable {
    fileprivate(set) var job: NomadJob??
    fileprivate(set) var allocations: [Allocation]?
    fileprivate(set) var deployment: Deployment??
    fileprivate(set) var evaluations: [Evaluation]?

    fileprivate var isWhole: Bool {
      job != nil && allocations != nil && deployment != nil && evaluations != nil
    }

    /// The job; `nil` if there is none.
    var live: NomadJob? { job ?? nil }

    /// How far it has come; `nil` if there is none.
    var rollout: RolloutState? {
      live.map {
        RolloutState(
          job: $0, allocations: allocations ?? [], deployment: deployment ?? nil,
          evaluations: evaluations ?? [])
      }
    }
  }

  private enum News: Sendable {
    case job(NomadJob?)
    case allocations([Allocation])
    case deployment(Deployment?)
    case evaluations([Evaluation])
    case away(NomadError)
    case second
  }

  /// Shows all that is there, whenever something has changed, and each second, until it is enough.
  ///
  /// - Parameter look: looks at it; `nil` if that is not enough.
  /// - Throws: `NomadError` if a query is refused, or the servers stay away; what looking throws; `CancellationError`.
  func read<Result>(_ look: (Scene) async throws -> Result?) async throws -> Result {
    let (stream, feed) = AsyncThrowingStream<News, any Error>.makeStream()
    let query = { @Sendable (query: Query) in
      Query(namespace: namespace, index: query.index, wait: query.wait)
    }
    let tasks = [
      follow(feed, News.job) { try await client.jobs.read(id, query($0)) },
      follow(feed, News.allocations) { try await client.jobs.allocations(of: id, all: true, query($0)) },
      follow(feed, News.deployment) { try await client.jobs.latestDeployment(of: id, query($0)) },
      follow(feed, News.evaluations) { try await client.jobs.evaluations(of: id, query($0)) },
      Task {
        while !Task.isCancelled {
          try? await Task.sleep(for: .seconds(1))
          feed.yield(.second)
        }
      },
    ]
    defer { for task in tasks { task.cancel() } }
    var scene = Scene()
    var isAway = false
    for try await news in stream {
      switch news {
      case .job(let job): scene.job = .some(job)
      case .allocations(let allocations): scene.allocations = allocations
      case .deployment(let deployment): scene.deployment = .some(deployment)
      case .evaluations(let evaluations): scene.evaluations = evaluations
      case .second: break
      case .away(let error):
        if !isAway { report("waits for the servers of Nomad: \(error.message)") }
        isAway = true
        continue
      }
      if case .second = news {} else { isAway = false }
      guard scene.isWhole else { continue }
      if let result = try await look(scene) { return result }
    }
    throw CancellationError()
  }

  /// Tells of one thing, for as long as it is asked.
  private func follow<Value: Sendable>(
    _ feed: AsyncThrowingStream<News, any Error>.Continuation, _ wrap: @escaping @Sendable (Value) -> News,
    _ ask: @escaping @Sendable (Query) async throws -> Indexed<Value>
  ) -> Task<Void, Never> {
    Task {
      while !Task.isCancelled {
        do {
          for try await value in client.follow(ask) { feed.yield(wrap(value.value)) }
          return
        } catch let error as NomadError where error.mayPass && ContinuousClock.now < end {
          feed.yield(.away(error))
          try? await Task.sleep(for: .seconds(1))
        } catch {
          feed.finish(throwing: error)
          return
        }
      }
    }
  }
}
