import KubernetesAPI

/// Objects of a namespace, as watches tell of them.
struct ObjectFeed: Sendable {
  /// What is watched.
  struct Source: Sendable {
    let type: ResourceType
    var selection = Selection()
    /// Whether what was there before counts, too.
    var tellsOfBefore = true
    /// Whether it only adds words, so that a user who may not see it goes without.
    var isOptional = false
  }

  /// The cluster.
  let client: KubernetesClient
  /// The namespace.
  let namespace: String
  /// What is watched.
  let sources: [Source]

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
    case second
  }

  /// Shows all that is there, whenever something has changed, and each second, until it is enough.
  ///
  /// - Parameter look: looks at it; `nil` if that is not enough.
  /// - Throws: `KubernetesError` if a watch is refused or lost; what looking throws; `CancellationError`.
  func read<Result>(_ look: (Scene) async throws -> Result?) async throws -> Result {
    let (stream, feed) = AsyncThrowingStream<News, any Error>.makeStream()
    let tasks =
      sources.enumerated().map { index, source in
        Task {
          do {
            let watch = client.objects(source.type).watch(in: namespace, source.selection)
            for try await event in watch { feed.yield(.event(index, event)) }
          } catch let error as KubernetesError where error.isForbidden && source.isOptional {
            feed.yield(.nothing(index))
          } catch {
            feed.finish(throwing: error)
          }
        }
      } + [
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
    for try await news in stream {
      switch news {
      case .event(let index, let event): take(event, from: index, into: &scene)
      case .nothing(let index): scene.isListed[index] = true
      case .second: break
      }
      guard scene.isListed.allSatisfy(\.self) else { continue }
      if let result = try await look(scene) { return result }
    }
    throw CancellationError()
  }

  private func take(_ event: WatchEvent, from index: Int, into scene: inout Scene) {
    switch event {
    case .listed(let list):
      let isFirst = !scene.isListed[index]
      scene.isListed[index] = true
      if isFirst, !sources[index].tellsOfBefore { return }
      scene.objects[index] = Dictionary(list.items.map { ($0.name, $0) }) { $1 }
    case .added(let object), .modified(let object): scene.objects[index][object.name] = object
    case .deleted(let object): scene.objects[index][object.name] = nil
    }
  }
}
