extension String {
  /// A path without its last part.
  package var dropLastPart: String { String(self[..<(lastIndex(of: "/") ?? endIndex)]) }
  /// The last part of a path.
  package var lastPart: String { lastIndex(of: "/").map { String(self[index(after: $0)...]) } ?? self }
}
