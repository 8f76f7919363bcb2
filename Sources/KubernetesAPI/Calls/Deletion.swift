import Values

/// How an object is deleted.
package struct Deletion: Sendable, Equatable {
  /// What becomes of the objects that it owns.
  package enum Dependents: String, Sendable {
    /// They are deleted afterwards.
    case background = "Background"
    /// They are deleted before; until then the object is there.
    case foreground = "Foreground"
    /// They stay.
    case orphan = "Orphan"
  }

  /// Only the object with this `uid` is meant.
  package var uid: String?
  /// Only if it has not changed since.
  package var resourceVersion: String?
  /// What becomes of the objects that it owns; `nil` leaves it to the type.
  package var dependents: Dependents?
  /// How long it may take to end, in seconds; `nil` leaves it to the object.
  package var graceSeconds: Int?

  package init(
    uid: String? = nil, resourceVersion: String? = nil, dependents: Dependents? = nil,
    graceSeconds: Int? = nil
  ) {
    self.uid = uid
    self.resourceVersion = resourceVersion
    self.dependents = dependents
    self.graceSeconds = graceSeconds
  }

  var json: JSON {
    var json: JSON = ["apiVersion": "v1", "kind": "DeleteOptions"]
    json["gracePeriodSeconds"] = graceSeconds.map { .int(Int64($0)) }
    json["propagationPolicy"] = dependents.map { .string($0.rawValue) }
    var conditions: JSON = [:]
    conditions["uid"] = uid.map(JSON.string)
    conditions["resourceVersion"] = resourceVersion.map(JSON.string)
    if conditions != [:] { json["preconditions"] = conditions }
    return json
  }
}
