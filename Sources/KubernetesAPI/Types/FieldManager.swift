import Values

/// Who wrote fields of an object, and which.
package struct FieldManager: Sendable, Hashable {
  package let name: String
  /// `Apply` or `Update`.
  package let operation: String
  /// The subresource it wrote by; empty for the object itself.
  package let subresource: String
  /// The fields, as `FieldsV1` has them: keys such as `f:spec`, each with those below it.
  package let fields: JSON

  init?(_ json: JSON) {
    guard let name = json["manager"]?.string else { return nil }
    self.name = name
    operation = json["operation"]?.string ?? ""
    subresource = json["subresource"]?.string ?? ""
    fields = json["fieldsV1"] ?? [:]
  }
}
