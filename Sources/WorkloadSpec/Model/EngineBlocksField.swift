import Values
import YAMLNodes

extension Field {
  /// What only one engine knows of the object.
  convenience init(
    _ name: String, _ path: WritableKeyPath<Root, EngineBlocks> & Sendable, at place: EnginePlace,
    _ summary: String
  ) {
    self.init(
      name: name, summary: summary, type: .engines(place), required: false, defaultValue: nil, impact: nil,
      compared: .value, secret: false, takesSecrets: false, takesAddresses: false, rules: [],
      read: { node, root, decoder in
        guard let blocks = EngineBlocks.read(node, at: place, by: &decoder) else { return }
        root[keyPath: path] = blocks
      },
      differs: { $0[keyPath: path] != $1[keyPath: path] },
      value: { root in
        let blocks = root[keyPath: path]
        return blocks.isEmpty ? nil : blocks.plain
      })
  }
}
