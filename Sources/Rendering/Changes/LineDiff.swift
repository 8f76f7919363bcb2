/// A line of a text that is shown with what became of it.
struct SignedLine: Equatable {
  /// What became of a line.
  enum Sign: String {
    case added = "+"
    case removed = "-"
    case kept = " "
  }

  let sign: Sign
  let text: String
}

/// The difference between two texts, line by line.
enum LineDiff {
  /// How many lines that stay are shown before and after one that does not.
  private static let context = 2
  /// Beyond this many lines to compare, everything between the first and the last difference is shown as
  /// replaced: finding the shortest difference takes time in the square of its length.
  private static let limit = 4000

  /// The lines that differ, with some of those around them; a longer stretch in between is only counted.
  static func lines(from old: String, to new: String) -> [SignedLine] {
    let (old, new) = (lines(of: old), lines(of: new))
    var head = 0
    while head < min(old.count, new.count), old[head] == new[head] { head += 1 }
    var tail = 0
    while tail < min(old.count, new.count) - head, old[old.count - 1 - tail] == new[new.count - 1 - tail] {
      tail += 1
    }
    let kept = old[..<head].map { SignedLine(sign: .kept, text: $0) }
    let middle = compare(Array(old[head..<old.count - tail]), Array(new[head..<new.count - tail]))
    let rest = old[(old.count - tail)...].map { SignedLine(sign: .kept, text: $0) }
    return folded(kept + middle + rest)
  }

  /// The lines of a text as they are shown. One that does not end with a line break gets a line that says so.
  static func lines(of text: String) -> [String] {
    guard !text.isEmpty else { return [] }
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { SafeText.line($0) }
    if lines.last == "" { lines.removeLast() } else { lines.append("(no line break at the end)") }
    return lines
  }

  private static func compare(_ old: [String], _ new: [String]) -> [SignedLine] {
    guard old.count + new.count <= limit else {
      return old.map { SignedLine(sign: .removed, text: $0) } + new.map { SignedLine(sign: .added, text: $0) }
    }
    var removed: Set<Int> = []
    var added: Set<Int> = []
    for change in new.difference(from: old) {
      switch change {
      case .remove(let offset, _, _): removed.insert(offset)
      case .insert(let offset, _, _): added.insert(offset)
      }
    }
    var lines: [SignedLine] = []
    var (left, right) = (0, 0)
    while left < old.count || right < new.count {
      if removed.contains(left) {
        lines.append(SignedLine(sign: .removed, text: old[left]))
        left += 1
      } else if added.contains(right) {
        lines.append(SignedLine(sign: .added, text: new[right]))
        right += 1
      } else {
        lines.append(SignedLine(sign: .kept, text: old[left]))
        (left, right) = (left + 1, right + 1)
      }
    }
    return lines
  }

  /// Long stretches of lines that stay, given way to their number.
  private static func folded(_ lines: [SignedLine]) -> [SignedLine] {
    let changed = lines.indices.filter { lines[$0].sign != .kept }
    var shown: Set<Int> = []
    for index in changed {
      for near in max(0, index - context)...min(lines.count - 1, index + context) { shown.insert(near) }
    }
    var result: [SignedLine] = []
    var index = 0
    while index < lines.count {
      guard !shown.contains(index) else {
        result.append(lines[index])
        index += 1
        continue
      }
      let end = lines[index...].indices.first { shown.contains($0) } ?? lines.count
      // A line that says that one line is left out would take the place of that line.
      if end - index == 1 {
        result.append(lines[index])
      } else {
        result.append(SignedLine(sign: .kept, text: "… \(end - index) lines stay"))
      }
      index = end
    }
    return result
  }
}
