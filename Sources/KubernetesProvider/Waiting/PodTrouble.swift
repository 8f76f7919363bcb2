import KubernetesAPI
import ProviderKit
import Values

extension Trouble {
  /// Why a pod does not get on; `nil` if it does, or nothing is known of it.
  ///
  /// - Parameter isClaimed: whether all claims of the pod's volumes are bound, as far as that is known.
  static func of(_ pod: KubernetesObject) -> Trouble? {
    if pod.isBeingDeleted { return nil }
    let statuses =
      (pod.json.at("status", "initContainerStatuses")?.array ?? [])
      + (pod.json.at("status", "containerStatuses")?.array ?? [])
    for status in statuses {
      guard let name = status["name"]?.string else { continue }
      if let waiting = status.at("state", "waiting"), let reason = waiting["reason"]?.string,
        let words = words(reason, waiting["message"]?.string?.oneLine, status)
      {
        if reason == "CrashLoopBackOff", hasSucceeded(name, status, in: pod) {
          return Trouble(
            object: pod.reference, container: name,
            message: "has run to its end, and waits to run again: its node makes the pod anew",
            outlook: .mayPass(placementPatience))
        }
        return Trouble(object: pod.reference, container: name, message: words, outlook: .hopeless)
      }
      // What is never started again has come to its end.
      if let ended = status.at("state", "terminated"), ended["exitCode"]?.int != 0,
        pod.phase == "Failed" || restartPolicy(of: pod) == "Never"
      {
        return Trouble(
          object: pod.reference, container: name,
          message: "\(ContainerState.end(ended)) before it was ready", outlook: .hopeless)
      }
    }
    if pod.phase == "Failed" {
      return Trouble(
        object: pod.reference, message: "the pod has failed" + (pod.failure.map { ": \($0)" } ?? ""),
        outlook: .hopeless)
    }
    return ofPlacement(pod)
  }

  /// Whether a container is an init that did its work when it ran last. A node that makes a pod anew, as after a restart of its
  /// own, runs it again, and not at once.
  private static func hasSucceeded(_ name: String, _ status: JSON, in pod: KubernetesObject) -> Bool {
    guard status.at("lastState", "terminated", "exitCode")?.int == 0,
      let container = pod.json.at("spec", "initContainers")?.element(named: name)
    else { return false }
    return container["restartPolicy"] == nil
  }

  /// What waiting for a reason means; `nil` if it only waits.
  private static func words(_ reason: String, _ told: String?, _ status: JSON) -> String? {
    let told = told.map { ": \($0)" } ?? ""
    switch reason {
    case "ErrImagePull", "ImagePullBackOff", "ImageInspectError", "RegistryUnavailable":
      return "can't get its image\(told)"
    case "ErrImageNeverPull": return "has an image that its node lacks, and that is never pulled\(told)"
    case "InvalidImageName": return "names an image that can't be one\(told)"
    case "CreateContainerConfigError": return "can't be made of its configuration\(told)"
    case "CreateContainerError", "RunContainerError", "StartError", "PreCreateHookError",
      "PostStartHookError":
      return "can't be started\(told)"
    case "CrashLoopBackOff":
      let times = status["restartCount"]?.int ?? 0
      let end = status.at("lastState", "terminated").map(ContainerState.end) ?? "ended"
      return "\(end) before it was ready" + (times > 1 ? ", \(times) times" : "")
    default: return nil
    }
  }

  private static func restartPolicy(of pod: KubernetesObject) -> String? {
    pod.json.at("spec", "restartPolicy")?.string
  }

  /// How long a node that can take a pod is waited for: nodes of clouds take minutes to come.
  static let placementPatience = Duration.seconds(180)
  /// How long the disk of a claim is waited for.
  static let claimPatience = Duration.seconds(60)

  private static func ofPlacement(_ pod: KubernetesObject) -> Trouble? {
    guard pod.isTrue("PodScheduled") == false, let condition = pod.condition("PodScheduled"),
      condition["reason"]?.string == "Unschedulable"
    else { return nil }
    let told = condition["message"]?.string?.oneLine ?? "the scheduler does not say why"
    let isOfClaim = told.contains("PersistentVolumeClaim") || told.contains("persistentvolumeclaim")
    return Trouble(
      object: pod.reference,
      message: (isOfClaim ? "a volume is not there: " : "no node takes the pod: ") + told,
      outlook: .mayPass(isOfClaim ? claimPatience : placementPatience))
  }
}
