/// A volume of a service in the short form: `[source:]target[:options]`.
struct VolumeText {
  /// The name of a volume, or a path of the host; `nil` for an anonymous volume.
  private(set) var source: String?
  /// The path in the container.
  private(set) var target = ""
  private(set) var options: [String] = []

  /// Reads a text; `nil` if a part is empty, or if there are too many.
  ///
  /// A colon behind a single letter is part of a Windows path, as it is for compose.
  init?(_ text: String) {
    var parts: [Substring] = []
    var rest = text[...]
    // Compose takes so short a text for a path, whatever it holds.
    while text.utf8.count > 2, let colon = Self.separator(in: rest) {
      parts.append(rest[..<colon])
      rest = rest[rest.index(after: colon)...]
    }
    parts.append(rest)
    guard parts.count <= 3, parts.allSatisfy({ !$0.isEmpty }) else { return nil }
    target = String(parts.count > 1 ? parts[1] : parts[0])
    if parts.count > 1 { source = String(parts[0]) }
    if parts.count > 2 { options = parts[2].split(separator: ",").map(String.init) }
  }

  /// Whether the source is a path of the host, of Windows too, and no name of a volume.
  static func isPath(_ source: String) -> Bool {
    if let first = source.first, "./~".contains(first) { return true }
    return source.hasPrefix("\\\\") || startsWithDrive(source[...])
  }

  /// The first colon that is none of a Windows path.
  private static func separator(in text: Substring) -> String.Index? {
    let start = startsWithDrive(text) ? text.index(text.startIndex, offsetBy: 2) : text.startIndex
    return text[start...].firstIndex(of: ":")
  }

  /// Whether a path begins with a drive of Windows.
  static func startsWithDrive(_ text: Substring) -> Bool {
    text.first?.isLetter == true && text.dropFirst().first == ":"
  }
}
