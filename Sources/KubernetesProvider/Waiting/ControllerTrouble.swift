import KubernetesAPI
import ProviderKit

extension Trouble {
  /// Why a controller makes no pods; `nil` if it makes them, or nothing is known of it.
  ///
  /// - Parameter events: what the cluster said of it, which is all that there is of a StatefulSet.
  static func of(_ controller: KubernetesObject, events: [KubernetesObject]) -> Trouble? {
    if let condition = controller.condition("ReplicaFailure"), condition["status"]?.string == "True" {
      return refusal(of: controller, told: condition["message"]?.string?.oneLine)
    }
    guard controller.kind == "StatefulSet" else { return nil }
    let status = controller.json["status"]
    let isComplete =
      status?["replicas"]?.int ?? 0 >= controller.json.at("spec", "replicas")?.int ?? 1
    guard !isComplete,
      let event = events.last(where: {
        $0.json.at("involvedObject", "uid")?.string == controller.uid
          && $0["reason"]?.string == "FailedCreate"
      })
    else { return nil }
    return refusal(of: controller, told: event["message"]?.string?.oneLine)
  }

  private static func refusal(of controller: KubernetesObject, told: String?) -> Trouble {
    let told = told ?? "it does not say why"
    // In a new namespace, its service account comes a moment later.
    let comes = told.contains("serviceaccount") && told.contains("not found")
    let what =
      told.contains("exceeded quota")
      ? "the quota of the namespace is used up"
      : told.contains("admission webhook")
        ? "an admission webhook refuses its pods"
        : "the cluster makes no pods"
    return Trouble(
      object: controller.reference, message: "\(what): \(told)",
      outlook: comes ? .mayPass(.seconds(60)) : .hopeless)
  }

  /// Why a claim has no disk; `nil` if it has, or nothing is known of it.
  ///
  /// - Parameter events: what the cluster said of it.
  static func ofClaim(_ claim: KubernetesObject, events: [KubernetesObject]) -> Trouble? {
    guard claim.phase != "Bound" else { return nil }
    let event = events.last {
      $0.json.at("involvedObject", "uid")?.string == claim.uid
        && ["ProvisioningFailed", "FailedBinding"].contains($0["reason"]?.string ?? "")
    }
    guard let event else { return nil }
    let told = event["message"]?.string?.oneLine ?? "it does not say why"
    // A class that is missing, or was never named, does not come by itself.
    let isHopeless =
      told.contains("storageclass") && told.contains("not found") || told.contains("no storage class")
    return Trouble(
      object: claim.reference, message: "the volume of the claim \(claim.name) is not there: \(told)",
      outlook: isHopeless ? .hopeless : .mayPass(claimPatience))
  }
}
