/// What a regular expression says.
indirect enum PatternSyntax: Equatable {
  /// One character of a set.
  case set(ScalarSet)
  /// The start of the text.
  case start
  /// The end of the text.
  case end
  /// One after the other.
  case sequence([PatternSyntax])
  /// One or the other.
  case alternatives(PatternSyntax, PatternSyntax)
  /// So many times; without an upper bound if that is `nil`.
  case repeated(PatternSyntax, Int, Int?)
}

/// Reads a regular expression.
struct PatternParser {
  /// How deep groups can nest.
  private static let maximumDepth = 100
  /// How often something can be repeated by number.
  private static let maximumCount = 1000

  private let scalars: [Unicode.Scalar]
  private var position = 0
  private var depth = 0

  init(_ text: String) { scalars = Array(text.unicodeScalars) }

  mutating func parse() throws(PatternProblem) -> PatternSyntax {
    let syntax = try alternatives()
    if position < scalars.count { throw problem("has a `)` that closes nothing") }
    return syntax
  }

  // MARK: Structure

  private mutating func alternatives() throws(PatternProblem) -> PatternSyntax {
    var options = [try sequence()]
    while take("|") { options.append(try sequence()) }
    let last = options.removeLast()
    return options.reversed().reduce(last) { .alternatives($1, $0) }
  }

  private mutating func sequence() throws(PatternProblem) -> PatternSyntax {
    var parts: [PatternSyntax] = []
    while let next = peek, next != "|", next != ")" { parts.append(try repetition()) }
    return parts.count == 1 ? parts[0] : .sequence(parts)
  }

  private mutating func repetition() throws(PatternProblem) -> PatternSyntax {
    let part = try atom()
    guard let bounds = try quantifier() else { return part }
    // Taking as little as can be makes no difference to whether the whole matches.
    _ = take("?")
    if let next = peek, "*+?".unicodeScalars.contains(next) {
      throw problem("repeats a repetition; put it into a group")
    }
    return .repeated(part, bounds.least, bounds.most)
  }

  private mutating func quantifier() throws(PatternProblem) -> (least: Int, most: Int?)? {
    if take("*") { return (0, nil) }
    if take("+") { return (1, nil) }
    if take("?") { return (0, 1) }
    let start = position
    guard take("{") else { return nil }
    guard let least = try number() else {
      // A brace that starts no repetition stands for itself, as in most dialects.
      position = start
      return nil
    }
    var most: Int? = least
    if take(",") { most = try number() }
    guard take("}") else { throw problem("has a `{` that is never closed", at: start) }
    if let most, most < least { throw problem("has a repetition that ends before it starts", at: start) }
    return (least, most)
  }

  private mutating func number() throws(PatternProblem) -> Int? {
    let start = position
    var value = 0
    while let next = peek, let digit = Int(String(next)), next.isASCII {
      position += 1
      value = value * 10 + digit
      if value > Self.maximumCount {
        throw problem("repeats something more than \(Self.maximumCount) times", at: start)
      }
    }
    return position > start ? value : nil
  }

  private mutating func atom() throws(PatternProblem) -> PatternSyntax {
    let start = position
    guard let next = peek else { throw problem("ends too early") }
    position += 1
    switch next {
    case "(": return try group(from: start)
    case "[": return .set(try set(from: start))
    case ".": return .set(ScalarSet(ranges: [0x0A...0x0A], isNegated: true))
    case "^": return .start
    case "$": return .end
    case "*", "+", "?": throw problem("repeats nothing with `\(next)`", at: start)
    case "\\": return .set(try escape(from: start))
    default: return .set(ScalarSet(ranges: [next.value...next.value]))
    }
  }

  private mutating func group(from start: Int) throws(PatternProblem) -> PatternSyntax {
    if take("?"), !take(":") {
      throw problem("has a group that starts with `(?`; only `(?:` is known", at: start)
    }
    depth += 1
    defer { depth -= 1 }
    if depth > Self.maximumDepth { throw problem("nests groups too deep", at: start) }
    let inner = try alternatives()
    guard take(")") else { throw problem("has a `(` that is never closed", at: start) }
    return inner
  }

  // MARK: Characters

  private mutating func set(from start: Int) throws(PatternProblem) -> ScalarSet {
    var result = ScalarSet()
    result.isNegated = take("^")
    var isFirst = true
    while let next = peek, isFirst || next != "]" {
      isFirst = false
      let lower = try setMember()
      guard peek == "-", position + 1 < scalars.count, scalars[position + 1] != "]" else {
        result.ranges += lower.ranges
        continue
      }
      let dash = position
      position += 1
      let upper = try setMember()
      guard let from = lower.onlyScalar, let to = upper.onlyScalar, from <= to else {
        throw problem("has a range that ends before it starts", at: dash)
      }
      result.ranges.append(from...to)
    }
    guard take("]") else { throw problem("has a `[` that is never closed", at: start) }
    return result
  }

  /// One character of a set, or a class such as `\d`.
  private mutating func setMember() throws(PatternProblem) -> ScalarSet {
    let start = position
    guard let next = peek else { throw problem("ends too early") }
    position += 1
    guard next == "\\" else { return ScalarSet(ranges: [next.value...next.value]) }
    let set = try escape(from: start)
    return set.isNegated ? ScalarSet(ranges: set.complement) : set
  }

  private mutating func escape(from start: Int) throws(PatternProblem) -> ScalarSet {
    guard let next = peek else { throw problem("ends with a `\\`", at: start) }
    position += 1
    switch next {
    case "d": return .digits
    case "D": return ScalarSet(ranges: ScalarSet.digits.ranges, isNegated: true)
    case "w": return .word
    case "W": return ScalarSet(ranges: ScalarSet.word.ranges, isNegated: true)
    case "s": return .space
    case "S": return ScalarSet(ranges: ScalarSet.space.ranges, isNegated: true)
    case "n": return ScalarSet(ranges: [0x0A...0x0A])
    case "r": return ScalarSet(ranges: [0x0D...0x0D])
    case "t": return ScalarSet(ranges: [0x09...0x09])
    default:
      if next.isASCII, next.properties.isAlphabetic || ScalarSet.digits.contains(next) {
        throw problem("has `\\\(next)`, which is not known here", at: start)
      }
      return ScalarSet(ranges: [next.value...next.value])
    }
  }

  // MARK: Reading

  private var peek: Unicode.Scalar? { position < scalars.count ? scalars[position] : nil }

  private mutating func take(_ scalar: Unicode.Scalar) -> Bool {
    guard peek == scalar else { return false }
    position += 1
    return true
  }

  private func problem(_ message: String, at place: Int? = nil) -> PatternProblem {
    PatternProblem(message: message, column: (place ?? position) + 1)
  }
}

extension ScalarSet {
  /// `\d`
  fileprivate static let digits = ScalarSet(ranges: [0x30...0x39])
  /// `\w`
  fileprivate static let word = ScalarSet(ranges: [0x30...0x39, 0x41...0x5A, 0x5F...0x5F, 0x61...0x7A])
  /// `\s`
  fileprivate static let space = ScalarSet(ranges: [0x09...0x0D, 0x20...0x20])

  /// The one character that it holds.
  fileprivate var onlyScalar: UInt32? {
    ranges.count == 1 && ranges[0].count == 1 && !isNegated ? ranges[0].lowerBound : nil
  }

  /// Every range of characters that are not among its ranges, which are in order.
  fileprivate var complement: [ClosedRange<UInt32>] {
    var gaps: [ClosedRange<UInt32>] = []
    var next: UInt32 = 0
    for range in ranges {
      if next < range.lowerBound { gaps.append(next...(range.lowerBound - 1)) }
      next = range.upperBound + 1
    }
    return gaps + [next...0x10FFFF]
  }
}
