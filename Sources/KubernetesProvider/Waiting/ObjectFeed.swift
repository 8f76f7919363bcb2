import KubernetesAPI

/// Objects of a namespace, as watches tell of them. A server that is away for a while is waited for.
struct ObjectFeed: Sendable {
  struct Source: Sendable {
    let type: ResourceType
    var selection = Selection()
    /// Whether it only adds words, so that a user who may not see it goes without.
    var isOptional = false
  }

  let client: KubernetesClient
  let namespace: String
  let sources: [Source]
  /// Until when a server is waited for that is away.
  let end: ContinuousClock.Instant
  /// Where to say that one is.
  let report: @Sendable (String) -> Void

  /// All that is there, at one moment.
  struct Scene: Sendable {
    fileprivate var objects: [[String: KubernetesObject]]
    fileprivate var isListed: [Bool]

    /// The objects of a source, by name.
    subscript(source: Int) -> [KubernetesObject] { objects[source].values.sorted { $0.name < $1.name } }
  }

  private enum News: Sendable {
    case event(Int, WatchEvent)
    case nothing(Int)
    case away(KubernetesError)
    case second
  }

  /// Shows all that is there, whenever something has changed, and each second, until it is enough.
  ///
  /// - Parameter look: looks at it; `nil` if that is not enough.
  /// - Throws: `KubernetesError` if a watch is refused, or the server stays away; what looking throws; `CancellationError`.
  func read<Result>(_ look: (Scene) async throws -> Result?) async throws -> Result {
    let (stream, feed) = AsyncThrowingStream<News, any Error>.makeStream()
    let tasks =
      sources.indices.map { index in Task { await follow(index, into: feed) } } + [
        Task {
          while !Task.isCancelled {
            try? await Task.sleep(for: .seconds(1))
            feed.yield(.second)
          }
        }
      ]
    defer { for task in tasks { task.cancel() } }
    var scene = Scene(
      objects: Array(repeating: [:], count: sources.count),
      isListed: Array(repeating: false, count: sources.count))
    var isAway = false
    for try await news in stream {
      switch news {
      case .event(let index, let event):
        isAway = false
        take(event, from: index, into: &scene)
      case .nothing(let index): scene.isListed[index] = true
      case .away(let error): say(error, &isAway)
      case .second: break
      }
      guard scene.isListed.allSatisfy(\.self) else { continue }
      do {
        if let result = try await look(scene) { return result }
      } catch let error as KubernetesError where isWaitedFor(error) {
        say(error, &isAway)
      }
    }
    throw CancellationError()
  }

  /// Tells of one source. A watch goes on by itself where it is cut off; one that can't comes again with all that is there.
  private func follow(_ index: Int, into feed: AsyncThrowingStream<News, any Error>.Continuation) async {
    let source = sources[index]
    while !Task.isCancelled {
      do {
        for try await event in client.objects(source.type).watch(in: namespace, source.selection) {
          feed.yield(.event(index, event))
        }
        return
      } catch let error as KubernetesError where error.isForbidden && source.isOptional {
        feed.yield(.nothing(index))
        return
      } catch let error as KubernetesError where isWaitedFor(error) {
        // Asking has had pauses of its own, each longer than the one before.
        feed.yield(.away(error))
        try? await Task.sleep(for: .seconds(1))
      } catch {
        feed.finish(throwing: error)
        return
      }
    }
  }

  private func isWaitedFor(_ error: KubernetesError) -> Bool { error.mayPass && ContinuousClock.now < end }

  private func say(_ error: KubernetesError, _ isAway: inout Bool) {
    if !isAway { report("waits for the API server: \(error.message)") }
    isAway = true
  }

  private func take(_ event: WatchEvent, from index: Int, into scene: inout Scene) {
    switch event {
    case .listed(let list):
      scene.isListed[index] = true
      scene.objects[index] = Dictionary(list.items.map { ($0.name, $0) }) { $1 }
    case .added(let object), .modified(let object): scene.objects[index][object.name] = object
    case .deleted(let object): scene.objects[index][object.name] = nil
    }
  }
}
