/// Turns what an expression says into the steps of a match.
struct PatternCompiler {
  /// How many parts can be written out: repetitions within repetitions multiply, even those of nothing.
  private static let maximumEffort = 20_000

  private(set) var program: [Pattern.Instruction] = []
  private var effort = 0

  mutating func append(_ syntax: PatternSyntax) throws(PatternProblem) {
    effort += 1
    guard effort <= Self.maximumEffort else {
      throw PatternProblem(message: "repeats too much to be matched", column: 1)
    }
    switch syntax {
    case .set(let set): program.append(.take(set))
    case .start: program.append(.start)
    case .end: program.append(.end)
    case .sequence(let parts): for part in parts { try append(part) }
    case .alternatives(let first, let second):
      let fork = reserve()
      try append(first)
      let jump = reserve()
      program[fork] = .fork(fork + 1, program.count)
      try append(second)
      program[jump] = .jump(program.count)
    case .repeated(let part, let least, let most):
      for _ in 0..<least { try append(part) }
      if let most {
        var forks: [Int] = []
        for _ in least..<most {
          forks.append(reserve())
          try append(part)
        }
        for fork in forks { program[fork] = .fork(fork + 1, program.count) }
      } else {
        let fork = reserve()
        try append(part)
        program.append(.jump(fork))
        program[fork] = .fork(fork + 1, program.count)
      }
    }
  }

  /// Makes room for a step whose target is not known yet.
  private mutating func reserve() -> Int {
    program.append(.jump(program.count))
    return program.count - 1
  }
}
