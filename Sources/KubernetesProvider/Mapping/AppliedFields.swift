import KubernetesAPI
import Values

/// What berth itself has applied of an object, as the server's managed fields tell.
enum AppliedFields {
  /// The fields that berth has applied; `nil` if it has applied none, or the server was not asked for them.
  static func of(_ object: KubernetesObject) -> JSON? {
    object.managers.first { $0.name == "berth" && $0.operation == "Apply" }?.fields
  }

  /// A part of an object as it was applied: what others and the server have added is left out.
  ///
  /// - Parameter fields: the part's fields as `FieldsV1` has them.
  static func extract(_ value: JSON, _ fields: JSON) -> JSON {
    if let elements = value.array { return .array(elements.compactMap { extract(element: $0, fields) }) }
    guard let members = value.members else { return value }
    return .object(
      members.compactMap { member in
        guard let below = fields["f:\(member.key)"] else {
          // An object with nothing in it is listed nowhere.
          return member.value == [:] ? member : nil
        }
        return .init(
          member.key, below.members?.isEmpty == false ? extract(member.value, below) : member.value)
      })
  }

  private static func extract(element: JSON, _ fields: JSON) -> JSON? {
    for member in fields.members ?? [] {
      let text = String(member.key.dropFirst(2))
      guard let value = try? Value(json: text) else { continue }
      if member.key.hasPrefix("k:"), element.contains(JSON(value)) { return extract(element, member.value) }
      if member.key.hasPrefix("v:"), element == JSON(value) { return element }
    }
    return nil
  }
}
