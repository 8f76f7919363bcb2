import KubernetesAPI
import Planning
import ProviderKit
import Values

/// Deletes the config and the secrets of a workload that nothing refers to: no revision to which its controllers can go
/// back, no pod, no Job.
struct ConfigSweeper: Sendable {
  let client: KubernetesClient
  /// How objects are deleted.
  let writer: ObjectWriter

  private var key: WorkloadKey { writer.key }

  /// Deletes what nothing refers to.
  ///
  /// - Parameter kept: what refers to config, besides what is there.
  func sweep(keeping kept: [KubernetesObject] = []) async throws {
    let config = try await self.config()
    guard !config.isEmpty else { return }
    var referring = kept
    for type in [
      ResourceType.deployments, .statefulSets, .replicaSets, .controllerRevisions, .pods, .jobs,
    ] {
      referring += try await client.objects(type).list(in: key.namespace, selection).items
    }
    var names: Set<String> = []
    for object in referring { object.json.collect(into: &names) }
    for object in config where !names.contains(object.name) { try await writer.delete(object) }
  }

  /// Deletes all of it, where nothing is left that could refer to it.
  func sweepAll() async throws {
    for object in try await config() { try await writer.delete(object) }
  }

  private var selection: Selection { Selection(labels: "\(Mark.workload)=\(key.name)") }

  /// The config and secrets of the workload. Who may not list Secrets leaves them.
  private func config() async throws -> [KubernetesObject] {
    let selection = Selection(
      labels: "\(key.selector),\(Mark.part)=\(Part.config.rawValue)")
    let maps = try await list(.configMaps, selection)
    do {
      return maps + (try await list(.secrets, selection))
    } catch let error as KubernetesError where error.isForbidden {
      return maps
    }
  }

  /// What there is of a type, without what it holds.
  private func list(_ type: ResourceType, _ selection: Selection) async throws -> [KubernetesObject] {
    try await client.objects(type).list(in: key.namespace, selection, metadataOnly: true).items.map {
      $0.named(as: type)
    }
  }
}

extension JSON {
  /// All texts that stand anywhere in it.
  fileprivate func collect(into texts: inout Set<String>) {
    switch self {
    case .string(let text): texts.insert(text)
    case .array(let elements): for element in elements { element.collect(into: &texts) }
    case .object(let members): for member in members { member.value.collect(into: &texts) }
    case .null, .bool, .int, .number: break
    }
  }
}
