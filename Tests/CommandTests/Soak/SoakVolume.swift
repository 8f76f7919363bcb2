import Foundation

/// What was found in a volume of a soak so far: it may only grow.
struct SoakVolume {
  /// What is not as it must be.
  struct Damage: Error, CustomStringConvertible {
    let description: String
  }

  /// The folder.
  let path: String
  /// Whether only one process may write to it at a time.
  let isForOne: Bool
  /// The records that were read, up to the end of a line.
  private(set) var records = Data()
  /// The version of the last record.
  private(set) var lastVersion = 0
  /// The number of the last record of each process.
  private var numbers: [String: Int] = [:]
  private var lastWriter = ""

  /// A volume that nothing was read of.
  init(path: String, isForOne: Bool) {
    self.path = path
    self.isForOne = isForOne
  }

  /// Reads what came since, and makes sure of everything.
  ///
  /// - Throws: ``Damage`` if a byte of what was there is another one or gone, if a record is torn or left out, or if two
  ///   processes had the volume to themselves at a time.
  mutating func check() throws {
    if let conflicts = FileManager.default.contents(atPath: path + "/conflicts"), !conflicts.isEmpty {
      throw Damage(
        description: "two writers in \(path): \(String(decoding: conflicts, as: UTF8.self))")
    }
    let found = FileManager.default.contents(atPath: path + "/records") ?? Data()
    guard found.prefix(records.count) == records else {
      throw Damage(
        description: "\(path)/records has \(found.count) bytes, and not the \(records.count) that it had")
    }
    guard let end = found.lastIndex(of: UInt8(ascii: "\n")), end >= records.count else { return }
    let new = String(decoding: found[records.count...end], as: UTF8.self)
    for line in new.split(separator: "\n", omittingEmptySubsequences: false).dropLast() { try take(line) }
    records = found.prefix(through: end)
  }

  private mutating func take(_ line: Substring) throws {
    let fields = line.split(separator: " ", omittingEmptySubsequences: false)
    guard fields.count == 5, let version = Int(fields[0]), let number = Int(fields[3]),
      let sum = Int(fields[4]),
      let process = Int(fields[2].prefix { $0 != "." }), sum == (version * 31 + process * 17 + number) % 65521
    else { throw Damage(description: "\(path)/records has a torn line: \(line)") }
    let writer = "\(fields[1]) \(fields[2])"
    guard number == numbers[writer, default: 0] + 1 else {
      let last = numbers[writer, default: 0]
      throw Damage(description: "\(path)/records goes from \(last) to \(number) of \(writer)")
    }
    // Where one process writes at a time, the first record of the next one comes after the last of the one before.
    if isForOne, writer != lastWriter, number > 1 {
      throw Damage(
        description: "two writers in \(path): \(writer) wrote on after \(lastWriter) had begun")
    }
    numbers[writer] = number
    lastWriter = writer
    lastVersion = version
  }
}
