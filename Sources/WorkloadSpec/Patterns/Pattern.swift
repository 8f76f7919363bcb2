/// A regular expression whose matching takes time in proportion to the text, whatever the expression is.
///
/// It is the part of the common syntax that needs no trying back and forth: no back-references and no looking
/// around, as in RE2. Patterns come from files that a stranger may have written, and none may hang a pipeline.
///
/// Matching follows all alternatives at once, as Ken Thompson's "Regular Expression Search Algorithm" (1968)
/// does.
struct Pattern: Sendable {
  private let program: [Instruction]

  /// Reads an expression.
  ///
  /// - Throws: ``PatternProblem`` that says what is wrong with it, and where.
  init(_ text: String) throws(PatternProblem) {
    var parser = PatternParser(text)
    var compiler = PatternCompiler()
    try compiler.append(parser.parse())
    program = compiler.program + [.accept]
  }

  /// Whether the whole of a text is what the expression describes.
  func matches(_ text: String) -> Bool {
    var states = StateList(capacity: program.count)
    var next = StateList(capacity: program.count)
    let scalars = text.unicodeScalars
    var index = scalars.startIndex
    follow(0, into: &states, atStart: true, atEnd: scalars.isEmpty)
    while index < scalars.endIndex {
      let scalar = scalars[index]
      index = scalars.index(after: index)
      next.removeAll()
      for state in states.members {
        if case .take(let set) = program[state], set.contains(scalar) {
          follow(state + 1, into: &next, atStart: false, atEnd: index == scalars.endIndex)
        }
      }
      if next.members.isEmpty { return false }
      swap(&states, &next)
    }
    return states.members.contains { if case .accept = program[$0] { true } else { false } }
  }

  /// Adds every state that can be reached from one without taking a character.
  private func follow(_ start: Int, into states: inout StateList, atStart: Bool, atEnd: Bool) {
    var pending = [start]
    while let state = pending.popLast() {
      guard states.insert(state) else { continue }
      switch program[state] {
      case .take, .accept: break
      case .jump(let target): pending.append(target)
      case .fork(let first, let second):
        pending.append(second)
        pending.append(first)
      case .start: if atStart { pending.append(state + 1) }
      case .end: if atEnd { pending.append(state + 1) }
      }
    }
  }

  /// One step of a match.
  enum Instruction {
    /// Goes on if the next character is one of these.
    case take(ScalarSet)
    /// Goes on elsewhere.
    case jump(Int)
    /// Goes on in two places.
    case fork(Int, Int)
    /// Goes on at the start of the text.
    case start
    /// Goes on at the end of the text.
    case end
    /// The expression ends here.
    case accept
  }

  /// A set of states that keeps its order and is emptied without effort.
  private struct StateList {
    private(set) var members: [Int] = []
    private var places: [Int]

    init(capacity: Int) { places = Array(repeating: 0, count: capacity) }

    /// Adds a state; `false` if it is there.
    mutating func insert(_ state: Int) -> Bool {
      let place = places[state]
      if place < members.count, members[place] == state { return false }
      places[state] = members.count
      members.append(state)
      return true
    }

    mutating func removeAll() { members.removeAll(keepingCapacity: true) }
  }
}

/// What is wrong with a regular expression.
struct PatternProblem: Error, Equatable {
  /// The end of a sentence that starts with the expression: "has a `(` that is never closed".
  let message: String
  /// Where, counted in characters from 1.
  let column: Int
}

/// A set of characters.
struct ScalarSet: Sendable, Equatable {
  var ranges: [ClosedRange<UInt32>] = []
  var isNegated = false

  func contains(_ scalar: Unicode.Scalar) -> Bool {
    ranges.contains { $0.contains(scalar.value) } != isNegated
  }
}
