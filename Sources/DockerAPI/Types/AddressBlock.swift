/// A block of IPv4 addresses: `172.17.0.0/16`.
package struct AddressBlock: Sendable, Hashable, CustomStringConvertible {
  package let first: UInt32
  /// How many bits all of its addresses have in common, 0 to 32.
  package let prefix: Int

  /// A block. Bits of the address beyond the prefix are left out.
  package init(first: UInt32, prefix: Int) {
    self.prefix = prefix
    // To shift by all of the bits gives 0.
    self.first = (first >> UInt32(32 - prefix)) << UInt32(32 - prefix)
  }

  /// Reads a block as an engine writes it; `nil` if it is anything else, such as one of IPv6.
  package init?(_ text: String) {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    let numbers = parts[0].split(separator: ".", omittingEmptySubsequences: false).map { UInt8($0) }
    guard parts.count == 2, let prefix = Int(parts[1]), (0...32).contains(prefix), numbers.count == 4
    else { return nil }
    var first: UInt32 = 0
    for number in numbers {
      guard let number else { return nil }
      first = (first << 8) | UInt32(number)
    }
    self.init(first: first, prefix: prefix)
  }

  package var last: UInt32 { first | (UInt32.max >> UInt32(prefix)) }

  /// As an engine writes it.
  package var description: String {
    let numbers = [24, 16, 8, 0].map { String((first >> UInt32($0)) & 0xFF) }
    return "\(numbers.joined(separator: "."))/\(prefix)"
  }
}
