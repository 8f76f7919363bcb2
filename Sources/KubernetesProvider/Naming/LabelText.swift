/// What Kubernetes takes as names and values of labels and annotations.
enum LabelText {
  /// Whether a text is the name of a label or an annotation: `owner`, `example.com/owner`.
  static func isName(_ text: String) -> Bool {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    guard let name = parts.last, (1...63).contains(name.utf8.count), isWord(name) else { return false }
    return parts.count == 1 || parts.count == 2 && isDomain(parts[0])
  }

  /// Whether a text is the value of a label. Those of annotations are free.
  static func isValue(_ text: String) -> Bool { text.utf8.count <= 63 && (text.isEmpty || isWord(text[...])) }

  /// Whether a text is a domain name in lower case, as most names of objects are.
  static func isDomain(_ text: some StringProtocol) -> Bool {
    guard (1...253).contains(text.utf8.count) else { return false }
    return text.split(separator: ".", omittingEmptySubsequences: false).allSatisfy { label in
      let bytes = Array(label.utf8)
      guard let first = bytes.first, let last = bytes.last else { return false }
      return isSmall(first) && isSmall(last) && bytes.allSatisfy { isSmall($0) || $0 == UInt8(ascii: "-") }
    }
  }

  /// Whether a text is the name of a setting of the kernel.
  static func isSetting(_ text: String) -> Bool {
    let words = text.split(separator: ".", omittingEmptySubsequences: false)
    return words.allSatisfy { word in
      guard let first = word.utf8.first, let last = word.utf8.last else { return false }
      return isSmall(first) && isSmall(last) && word.utf8.allSatisfy { isSmall($0) || "-_".utf8.contains($0) }
    }
  }

  private static func isWord(_ text: Substring) -> Bool {
    guard let first = text.utf8.first, let last = text.utf8.last else { return false }
    return isAlphanumeric(first) && isAlphanumeric(last)
      && text.utf8.allSatisfy { isAlphanumeric($0) || "-_.".utf8.contains($0) }
  }

  private static func isSmall(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
      || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
  }

  private static func isAlphanumeric(_ byte: UInt8) -> Bool {
    isSmall(byte) || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
  }
}
