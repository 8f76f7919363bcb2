import KubernetesAPI

/// Why something does not get on, as the cluster tells it.
struct Trouble: Sendable, Hashable {
  /// What may come of it.
  enum Outlook: Sendable, Hashable {
    /// Nothing but another spec helps.
    case hopeless
    /// It may come right by itself: a node starts, a disk is made. So long it is waited for.
    case mayPass(Duration)
  }

  /// What has it: a pod, a controller, a claim.
  var object: ObjectReference
  /// The container that has it; `nil` if the whole has.
  var container: String?
  /// What it is, in a line that follows the container or the object: "can't get its image: …".
  var message: String
  /// What may come of it.
  var outlook: Outlook

  /// The trouble in words.
  var sentence: String { (container.map { "`\($0)` " } ?? "") + message }
}
