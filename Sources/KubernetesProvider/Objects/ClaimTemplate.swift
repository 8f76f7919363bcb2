import KubernetesAPI
import Values
import WorkloadSpec

/// What decides whether a StatefulSet has to be made anew for a claim template.
struct ClaimTemplate: Equatable {
  /// Whether two StatefulSets make the same claims, but for their labels.
  static func areSame(_ left: KubernetesObject, _ right: KubernetesObject) -> Bool {
    func unlabelled(_ set: KubernetesObject) -> [ClaimTemplate] {
      set.claimTemplates.map { template in
        var template = template
        template.labels = [:]
        return template
      }
    }
    return unlabelled(left) == unlabelled(right)
  }

  let name: String
  let size: ByteQuantity?
  let storageClass: String?
  let accessModes: [String]
  var labels: [String: String]

  init(_ json: JSON) {
    name = json.at("metadata", "name")?.string ?? ""
    size = ByteQuantity(amount: json.at("spec", "resources", "requests", "storage"))
    storageClass = json.at("spec", "storageClassName")?.string
    accessModes = (json.at("spec", "accessModes")?.array ?? []).compactMap(\.string)
    labels = json.at("metadata", "labels")?.strings ?? [:]
  }
}

extension KubernetesObject {
  /// What a StatefulSet makes claims of, in order.
  var claimTemplates: [ClaimTemplate] {
    (json.at("spec", "volumeClaimTemplates")?.array ?? []).map { ClaimTemplate($0) }
  }
}
