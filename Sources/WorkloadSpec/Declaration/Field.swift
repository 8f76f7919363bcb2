import Values
import YAMLNodes

/// A field of the language, stated once.
///
/// Reading, defaults, the schema, the reference, the snapshot and the diff all come from this one statement,
/// so that no field can be read and not compared, or compared and not documented. It holds closures over key
/// paths that are made once, so that reading does no reflection.
public final class Field<Root: SpecObject>: Sendable {
  /// What is known of the field without its Swift type.
  public let description: FieldDescription
  let key: [UInt8]
  let read: @Sendable (Node, inout Root, inout SpecDecoder) -> Void
  /// Whether two objects differ in this field.
  public let differs: @Sendable (Root, Root) -> Bool
  /// The field's value in an object; `nil` if it is not set.
  public let value: @Sendable (Root) -> Value?

  /// A field that has a value in every object: the one that a new object has is its default.
  ///
  /// - Parameters:
  ///   - path: where a value of Swift keeps it.
  ///   - summary: what it says, in one sentence without a capital letter and a full stop.
  ///   - impact: the least that changing it costs; `nil` inherits that of the object it is in.
  ///   - compared: whether it is compared with the observation.
  ///   - secret: whether its value must never be shown.
  ///   - rules: what its value must satisfy; the first that it breaks is reported.
  public convenience init<V: SpecValue>(
    _ name: String, _ path: WritableKeyPath<Root, V> & Sendable, _ summary: String, required: Bool = false,
    impact: Impact? = nil, compared: Comparison = .value, secret: Bool = false, rules: [Rule<V>] = []
  ) {
    self.init(
      name, path, summary, required: required, impact: impact, compared: compared, secret: secret,
      takesSecrets: false, takesAddresses: false, rules: rules)
  }

  /// The same, for a field of the language itself.
  ///
  /// - Parameters:
  ///   - takesSecrets: whether secrets may stand in its texts.
  ///   - takesAddresses: whether addresses may stand in its texts.
  convenience init<V: SpecValue>(
    _ name: String, _ path: WritableKeyPath<Root, V> & Sendable, _ summary: String, required: Bool = false,
    impact: Impact? = nil, compared: Comparison = .value, secret: Bool = false, takesSecrets: Bool = false,
    takesAddresses: Bool, rules: [Rule<V>] = []
  ) {
    let initial = Root()[keyPath: path]
    let place = StoredPlace(path)
    self.init(
      name: name, summary: summary, type: V.fieldType, required: required,
      defaultValue: required || initial.isUnset ? nil : initial.plain, impact: impact, compared: compared,
      secret: secret, takesSecrets: takesSecrets, takesAddresses: takesAddresses,
      rules: rules.map(\.description),
      read: { node, root, decoder in
        (decoder.takesSecrets, decoder.takesAddresses) = (takesSecrets, takesAddresses)
        defer { (decoder.takesSecrets, decoder.takesAddresses) = (false, false) }
        guard let value = V.read(node, by: &decoder) else { return }
        decoder.check(value, rules, at: node)
        place.set(value, in: &root)
      },
      differs: { $0[keyPath: path] != $1[keyPath: path] },
      value: { root in
        let value = root[keyPath: path]
        return value.isUnset ? nil : value.plain
      })
  }

  /// A field that may be not set at all, and is then not owned: neither sent, nor compared, nor reset.
  public convenience init<V: SpecValue>(
    _ name: String, _ path: WritableKeyPath<Root, V?> & Sendable, _ summary: String, required: Bool = false,
    impact: Impact? = nil, compared: Comparison = .value, secret: Bool = false, rules: [Rule<V>] = []
  ) {
    let place = StoredPlace(path)
    self.init(
      name: name, summary: summary, type: V.fieldType, required: required, defaultValue: nil, impact: impact,
      compared: compared, secret: secret, takesSecrets: false, takesAddresses: false,
      rules: rules.map(\.description),
      read: { node, root, decoder in
        guard let value = V.read(node, by: &decoder) else { return }
        decoder.check(value, rules, at: node)
        place.set(value, in: &root)
      },
      differs: { $0[keyPath: path] != $1[keyPath: path] },
      value: { root in
        guard let value = root[keyPath: path], !value.isUnset else { return nil }
        return value.plain
      })
  }

  /// A field of what an object has its fields in.
  init<Inner>(
    of field: Field<Inner>, get: @escaping @Sendable (Root) -> Inner,
    set: @escaping @Sendable (inout Root, Inner) -> Void
  ) {
    description = field.description
    key = field.key
    read = { node, root, decoder in
      var inner = get(root)
      field.read(node, &inner, &decoder)
      set(&root, inner)
    }
    differs = { field.differs(get($0), get($1)) }
    value = { field.value(get($0)) }
  }

  init(
    name: String, summary: String, type: FieldType, required: Bool, defaultValue: Value?, impact: Impact?,
    compared: Comparison, secret: Bool, takesSecrets: Bool, takesAddresses: Bool, rules: [RuleDescription],
    read: @escaping @Sendable (Node, inout Root, inout SpecDecoder) -> Void,
    differs: @escaping @Sendable (Root, Root) -> Bool, value: @escaping @Sendable (Root) -> Value?
  ) {
    description = FieldDescription(
      name: name, summary: summary, type: type, isRequired: required, defaultValue: defaultValue,
      isSecret: secret, takesSecrets: takesSecrets, takesAddresses: takesAddresses, comparison: compared,
      impact: impact, rules: rules)
    key = Array(name.utf8)
    self.read = read
    self.differs = differs
    self.value = value
  }
}
