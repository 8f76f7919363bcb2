import WorkloadSpec

/// The values that stand in a text in the places of the secrets that a text of a spec has there.
struct SecretTextMatch {
  /// The values, by the keys of the secrets.
  private(set) var values: [String: [UInt8]] = [:]

  /// Reads a text; `nil` if it can't be what the spec's text becomes, whatever the secrets are.
  ///
  /// - Parameters:
  ///   - stated: the text of the spec.
  ///   - fill: fills in what else berth knows.
  init?(_ actual: [UInt8], stated: String, fill: (String) -> String) {
    let parts = SecretText(stated).parts
    var rest = actual[...]
    for (index, part) in parts.enumerated() {
      switch part {
      case .text(let plain):
        let text = Array(fill(plain).utf8)
        guard rest.starts(with: text) else { return nil }
        rest = rest.dropFirst(text.count)
      case .secret(let key):
        let value: ArraySlice<UInt8>
        if index + 1 == parts.count {
          value = rest
        } else {
          guard case .text(let next) = parts[index + 1],
            let end = Self.place(of: Array(fill(next).utf8), in: rest, isLast: index + 2 == parts.count)
          else { return nil }
          value = rest[..<end]
        }
        if let known = values[key], known != Array(value) { return nil }
        values[key] = Array(value)
        rest = rest.dropFirst(value.count)
      }
    }
    guard rest.isEmpty else { return nil }
  }

  /// Where a text begins in another one: what ends it is at its very end.
  private static func place(of text: [UInt8], in whole: ArraySlice<UInt8>, isLast: Bool) -> Int? {
    guard text.count <= whole.count else { return nil }
    let last = whole.endIndex - text.count
    if isLast { return whole[last...].elementsEqual(text) ? last : nil }
    return (whole.startIndex...last).first { whole[$0...].starts(with: text) }
  }
}
