/// Who a file belongs to, by numbers.
public struct NumericOwner: Sendable, Hashable {
  /// The number of the user who owns the file.
  public let user: UInt32
  /// The group; `nil` for the same number as the user's.
  public let group: UInt32?

  /// Reads `1000` or `1000:1000`.
  public init?(_ text: String) {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    guard (1...2).contains(parts.count),
      parts.allSatisfy({
        !$0.isEmpty && $0.utf8.allSatisfy { $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") }
      }),
      let user = UInt32(parts[0])
    else { return nil }
    self.user = user
    guard parts.count == 2 else {
      group = nil
      return
    }
    guard let group = UInt32(parts[1]) else { return nil }
    self.group = group
  }
}
