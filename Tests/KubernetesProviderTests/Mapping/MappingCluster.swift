import Foundation
import KubernetesAPI
import Planning
import Testing
import Values

@testable import KubernetesProvider

/// A namespace of the cluster that tests run against, to which objects are applied; see ``RealCluster``.
struct MappingCluster {
  let client: KubernetesClient
  let namespace: String
  private let options = WriteOptions(fieldManager: "berth")

  /// Runs something with a namespace that is deleted afterwards.
  static func withNamespace(_ body: (MappingCluster) async throws -> Void) async throws {
    let client = try await RealCluster.connect()
    let name = "kmap-\(UUID().uuidString.lowercased().prefix(13))"
    let namespaces = client.objects(.namespaces)
    let made = try await namespaces.create(
      KubernetesObject(.namespaces, name: name), WriteOptions(fieldManager: "berth-test"))
    let cluster = MappingCluster(client: client, namespace: name)
    do {
      try await body(cluster)
    } catch {
      _ = try? await namespaces.delete(name, Deletion(uid: made.uid))
      throw error
    }
    try await namespaces.delete(name, Deletion(uid: made.uid))
  }

  private static let types: [ResourceType] = [
    .configMaps, .secrets, .claims, .services, .deployments, .statefulSets, .jobs,
    .budgets(on: .init(version: "1.20")),
  ]

  private func calls(_ object: KubernetesObject) throws -> ObjectCalls {
    let type = Self.types.first { $0.kind == object.kind }
    return client.objects(try #require(type, "a type for \(object.kind)"))
  }

  /// Applies objects. What has to be taken out of a controller goes first.
  func apply(_ objects: [KubernetesObject]) async throws -> [KubernetesObject] {
    var applied: [KubernetesObject] = []
    for object in objects {
      var isPrepared = false
      if ["Deployment", "StatefulSet"].contains(object.kind), let live = try? await get(object),
        let patch = ControllerPreparation.patch(of: live, for: object)
      {
        let held = try await calls(object).patch(object.name, in: namespace, .strategic(patch), options)
        #expect(ControllerObject.isHeld(held))
        isPrepared = true
      } else if let live = try? await get(object) {
        isPrepared = ControllerObject.isHeld(live)
      }
      applied.append(try await calls(object).apply(object, options, force: isPrepared))
    }
    return applied
  }

  func get(_ object: KubernetesObject) async throws -> KubernetesObject {
    try await calls(object).get(object.name, in: namespace)
  }

  /// Looks at an object until something is so of it.
  func wait(
    for object: KubernetesObject, until isSo: (JSON) -> Bool
  ) async throws -> KubernetesObject {
    for _ in 0..<600 {
      let found = try await get(object)
      if isSo(found.json) { return found }
      try await Task.sleep(for: .milliseconds(200))
    }
    let pods = try await client.objects(.pods).list(in: namespace).items
    throw KubernetesError("not so of \(try await get(object).json.text); the pods: \(pods.map(\.json.text))")
  }
}
