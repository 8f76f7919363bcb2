import Values

/// What a user may want to do.
package struct AccessQuestion: Sendable, Equatable {
  /// `get`, `list`, `watch`, `create`, `patch` …
  package var verb: String
  /// With what.
  package var type: ResourceType
  /// Where; `nil` means everywhere.
  package var namespace: String?
  /// With which object; `nil` means with any.
  package var name: String?
  /// With which part of it.
  package var subresource: String?

  package init(
    _ verb: String, _ type: ResourceType, in namespace: String? = nil, name: String? = nil,
    subresource: String? = nil
  ) {
    self.verb = verb
    self.type = type
    self.namespace = namespace
    self.name = name
    self.subresource = subresource
  }

  var json: JSON {
    var attributes: JSON = [
      "verb": .string(verb), "group": .string(type.group), "version": .string(type.version),
      "resource": .string(type.plural),
    ]
    attributes["namespace"] = namespace.map(JSON.string)
    attributes["name"] = name.map(JSON.string)
    attributes["subresource"] = subresource.map(JSON.string)
    return [
      "apiVersion": "authorization.k8s.io/v1", "kind": "SelfSubjectAccessReview",
      "spec": ["resourceAttributes": attributes],
    ]
  }
}
