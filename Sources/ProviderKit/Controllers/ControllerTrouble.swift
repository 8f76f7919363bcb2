/// Why something of a workload does not get on, as an engine tells it that makes instances by itself.
package struct ControllerTrouble<Object: Hashable & Sendable>: Sendable, Hashable {
  /// What may come of it.
  package enum Outlook: Sendable, Hashable {
    /// Nothing but another spec helps.
    case hopeless
    /// It may come right by itself: a node starts, a disk is made. So long it is waited for.
    case mayPass(Duration)
  }

  /// What has it: a pod, an allocation, a controller, a volume.
  package var object: Object
  /// The container or task that has it; `nil` if the whole has.
  package var container: String?
  /// What it is, in a line that follows the container or the object: "can't get its image: …".
  package var message: String
  /// What may come of it.
  package var outlook: Outlook

  /// A trouble of something.
  package init(object: Object, container: String? = nil, message: String, outlook: Outlook) {
    self.object = object
    self.container = container
    self.message = message
    self.outlook = outlook
  }

  /// The trouble in words.
  package var sentence: String { (container.map { "`\($0)` " } ?? "") + message }
}
