import Values

/// What a user may want to do.
public struct AccessQuestion: Sendable, Equatable {
  /// `get`, `list`, `watch`, `create`, `patch` …
  public var verb: String
  /// With what.
  public var type: ResourceType
  /// Where; `nil` means everywhere.
  public var namespace: String?
  /// With which object; `nil` means with any.
  public var name: String?
  /// With which part of it.
  public var subresource: String?

  /// A question.
  public init(
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
