import Values

/// Who wrote fields of an object, and which.
public struct FieldManager: Sendable, Hashable {
  /// The name of the manager.
  public let name: String
  /// `Apply` or `Update`.
  public let operation: String
  /// The subresource it wrote by; empty for the object itself.
  public let subresource: String
  /// The fields, as `FieldsV1` has them: keys such as `f:spec`, each with those below it.
  public let fields: JSON

  init?(_ json: JSON) {
    guard let name = json["manager"]?.string else { return nil }
    self.name = name
    operation = json["operation"]?.string ?? ""
    subresource = json["subresource"]?.string ?? ""
    fields = json["fieldsV1"] ?? [:]
  }
}
