import KubernetesAPI
import Values
import WorkloadSpec

/// The claims of a workload's persistent volumes.
enum ClaimObjects {
  /// How large a volume is whose size is not stated: a claim has to ask for something.
  static let usualSize = ByteQuantity(bytes: 1 << 30)

  /// The claims that the instances of a deployment share; none of a stateful set, whose controller makes them.
  static func make(_ services: [Service], _ writing: Writing) -> [KubernetesObject] {
    guard !writing.workload.kind.hasStableInstances else { return [] }
    return persistent(services).map { volume in
      var object = writing.object(
        .claims, named: writing.names.claim(of: volume.name), .claim)
      object.metadata["labels"] = .texts(labels(of: volume, writing))
      object["spec"] = spec(of: volume, writing)
      return object
    }
  }

  /// What a stateful set makes its claims of.
  ///
  /// Older servers have the controller of stateful sets own the list as soon as it writes a status. What is applied again
  /// is no conflict with it only if it has all that the server adds.
  static func templates(_ writing: Writing) -> [JSON] {
    persistent(writing.workload.services).map { volume in
      var spec = spec(of: volume, writing)
      spec["volumeMode"] = "Filesystem"
      return [
        "apiVersion": "v1", "kind": "PersistentVolumeClaim",
        "metadata": [
          "name": .string(volume.name), "labels": .texts(labels(of: volume, writing)),
          "creationTimestamp": nil,
        ],
        "spec": spec, "status": ["phase": "Pending"],
      ]
    }
  }

  /// The persistent volumes, each once, ordered by name.
  static func persistent(_ services: [Service]) -> [Volume] {
    var volumes: [String: Volume] = [:]
    for volume in services.flatMap(\.volumes) where volume.type == .persistent {
      if volumes[volume.name]?.size == nil { volumes[volume.name] = volume }
    }
    return volumes.values.sorted { $0.name < $1.name }
  }

  /// How large the claim of a volume is made.
  static func size(of volume: String, in services: [Service]) -> ByteQuantity {
    persistent(services).first { $0.name == volume }?.size ?? usualSize
  }

  private static func labels(of volume: Volume, _ writing: Writing) -> [String: String] {
    // A claim outlives the release that it was made in: it carries what tells whose it is, and no more.
    [
      Mark.managedBy: Mark.berth, Mark.workload: writing.key.name, Mark.part: Part.claim.rawValue,
      Mark.volume: volume.name,
    ]
  }

  private static func spec(of volume: Volume, _ writing: Writing) -> JSON {
    let own = volume.on[KubernetesVolume.self]
    let mode = own.accessMode ?? (volume.access == .many ? .readWriteMany : .readWriteOnce)
    var spec: JSON = [
      "accessModes": .texts([mode.rawValue]),
      "resources": ["requests": ["storage": (volume.size ?? usualSize).amount]],
    ]
    if let storage = own.storageClass ?? writing.target.storageClass {
      spec["storageClassName"] = .string(storage)
    }
    return spec
  }
}
