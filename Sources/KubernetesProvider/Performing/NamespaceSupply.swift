import KubernetesAPI
import ProviderKit

/// Makes the namespace of a workload, where the target says that an apply makes it.
struct NamespaceSupply: Sendable {
  let client: KubernetesClient
  /// Whether one that is missing is made.
  let createsMissing: Bool

  /// Makes sure that a namespace is there.
  ///
  /// - Throws: `ActionFailure` if it is not and is not made, or is being deleted. Who may not read namespaces learns it from
  ///   what is written into it.
  func ensure(_ name: String) async throws {
    let calls = client.objects(.namespaces)
    do {
      let found = try await calls.get(name)
      if found.isBeingDeleted {
        throw ActionFailure("the namespace \(name) is being deleted; wait until it is gone")
      }
    } catch let error as KubernetesError where error.isNotFound {
      guard createsMissing else {
        throw ActionFailure(
          "the cluster has no namespace \(name); create it, or say `createNamespace: true` in the target")
      }
      try await Self.make(name, on: client)
    } catch let error as KubernetesError where error.isForbidden {
      return
    }
  }

  /// Makes a namespace; one that is there by now is left as it is.
  static func make(_ name: String, on client: KubernetesClient) async throws {
    var namespace = KubernetesObject(.namespaces, name: name)
    namespace.metadata["labels"] = [Mark.managedBy: .string(Mark.berth)]
    do {
      _ = try await client.objects(.namespaces).create(namespace, ObjectWriter.options)
    } catch let error as KubernetesError where error.isAlreadyExists {
      // Another apply was faster.
    }
  }
}
