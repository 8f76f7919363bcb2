import Secrets
import Values

@testable import WorkloadSpec

extension FuzzTarget {
  /// The small languages within the language: amounts, lengths of time, names of images, keys of secrets.
  static let scalars = FuzzTarget(name: "scalars", maximumLength: 256) { bytes in
    let text = String(decoding: bytes, as: UTF8.self)
    if let amount = CPUQuantity(text) {
      try promise(CPUQuantity(amount.description) == amount, "\(text) becomes \(amount)")
    }
    if let amount = ByteQuantity(text) {
      try promise(ByteQuantity(amount.description) == amount, "\(text) becomes \(amount)")
    }
    if let duration = SpecDuration(text) {
      try promise(SpecDuration(duration.description) == duration, "\(text) becomes \(duration)")
    }
    if let image = ImageReference(text) {
      let written = [
        image.registry.map { $0 + "/" }, image.repository, image.tag.map { ":" + $0 },
        image.digest.map { "@" + $0 },
      ].compactMap(\.self).joined()
      try promise(written == text, "\(text) is taken apart into \(image)")
    }
    for (type, isTaken) in [
      (CPUQuantity.fieldType, CPUQuantity(text) != nil), (ByteQuantity.fieldType, ByteQuantity(text) != nil),
      (SpecDuration.fieldType, SpecDuration(text) != nil),
    ] {
      guard isTaken, case .quantity(_, _, _, let pattern, _) = type else { continue }
      try promise(try Pattern(pattern).matches(text), "the schema refuses \(text), which is taken")
    }
    if ImageReference(text) != nil {
      try promise(try Pattern(ImageReference.pattern).matches(text), "the schema refuses the image \(text)")
    }
    if let decoded = Base64.decode(text) {
      try promise(Base64.encode(decoded) == text, "\(text) is not the base64 of what it stands for")
    }
    if let decoded = Hex.bytes(text) {
      try promise(Hex.lower(decoded) == text, "\(text) is not the hexadecimal form of what it stands for")
    }
    _ = (SecretKey.isValid(text), DNSLabel.isValid(text))
    _ = SecretText(text).replacingSecrets(with: "")
    _ = Interpolation.fill(text, root: "/root")
    let escaped = Interpolation.escapeForProvider(text)
    let filled = Interpolation.fill(SecretText(escaped).replacingSecrets(with: "x"), root: "/root")
    try promise(filled == text, "\(text) does not survive as \(escaped), but becomes \(filled)")
  }

  /// Regular expressions: a pattern on the first line, and a text to match behind it.
  static let pattern = FuzzTarget(name: "pattern", maximumLength: 512) { bytes in
    let lines = bytes.split(separator: UInt8(ascii: "\n"), maxSplits: 1, omittingEmptySubsequences: false)
    guard let pattern = try? Pattern(String(decoding: lines[0], as: UTF8.self)) else { return }
    let text = String(decoding: lines.count > 1 ? lines[1] : [], as: UTF8.self)
    // A matcher that went back and forth would not end with a text this long.
    for length in [1, 16] { _ = pattern.matches(String(repeating: text, count: length)) }
  }
}
