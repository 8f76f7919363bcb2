/// Where the fields of a tar header are, in bytes from its start.
enum TarHeader {
  /// Everything in an archive is padded to this many bytes.
  static let blockSize = 512

  static let name = 0..<100
  static let mode = 100..<108
  static let user = 108..<116
  static let group = 116..<124
  static let size = 124..<136
  static let modified = 136..<148
  static let checksum = 148..<156
  static let type = 156
  static let linkName = 157..<257
  static let magic = 257..<263
  static let version = 263..<265
  static let prefix = 345..<500

  /// The sum of a header's bytes, with blanks in place of the sum itself.
  static func sum(of header: some Collection<UInt8>) -> Int {
    var sum = 0
    for (index, byte) in header.enumerated() {
      sum += Int(checksum.contains(index) ? UInt8(ascii: " ") : byte)
    }
    return sum
  }

  /// How many bytes pad contents of this size.
  static func padding(after size: Int) -> Int { (blockSize - size % blockSize) % blockSize }
}
