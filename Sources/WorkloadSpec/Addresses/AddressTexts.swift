import Values

extension AddressReference {
  /// The references in a text that was read: each place of one, in order.
  public static func all(in text: String) -> [AddressReference] {
    guard text.hasByte(UInt8(ascii: "$")) else { return [] }
    var references: [AddressReference] = []
    _ = Interpolation.fill(text) { name in
      if let reference = AddressReference(name) { references.append(reference) }
      return nil
    }
    return references
  }
}
