import Values

/// What a watch tells.
package enum WatchEvent: Sendable {
  /// All objects, as they are now: at the beginning, and where the watch had lost sight of what happened.
  /// Objects that were there before and are not among these are gone.
  case listed(ObjectList)
  /// An object is new.
  case added(KubernetesObject)
  /// An object has changed.
  case modified(KubernetesObject)
  /// An object is gone; this is its last state.
  case deleted(KubernetesObject)
}

/// A line of a watch.
enum WatchLine {
  case event(WatchEvent, resourceVersion: String)
  /// Nothing happened up to this moment.
  case bookmark(resourceVersion: String)
  /// The server can't go on.
  case failure(KubernetesError)

  /// Reads a line; `nil` if it makes no sense.
  init?(_ line: [UInt8]) {
    guard let json = try? JSON(parsing: line), let kind = json["type"]?.string, let body = json["object"],
      body.members != nil
    else { return nil }
    let object = KubernetesObject(body)
    let version = object.resourceVersion
    switch kind {
    case "ADDED": self = .event(.added(object), resourceVersion: version)
    case "MODIFIED": self = .event(.modified(object), resourceVersion: version)
    case "DELETED": self = .event(.deleted(object), resourceVersion: version)
    case "BOOKMARK": self = .bookmark(resourceVersion: version)
    case "ERROR":
      self = .failure(
        KubernetesError(status: body) ?? KubernetesError("the server ends the watch, without saying why"))
    default: return nil
    }
  }
}
