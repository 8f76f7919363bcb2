import ProviderContract

/// Makes up texts that are hard to read: signs, quotes, escapes and variables, in every order.
struct RandomText {
  var numbers: SplitMix64

  /// Names that the project's environment sets, partly in the shell and partly in `.env`.
  static let outerNames = ["OUTER", "OUTER_EMPTY", "SHELL", "_x1"]
  /// Names that nothing sets.
  static let unsetNames = ["NOWHERE", "nowhere_2"]

  mutating func chance(_ oneIn: Int) -> Bool { Int.random(in: 0..<oneIn, using: &numbers) == 0 }

  mutating func number(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &numbers) }

  mutating func pick<T>(_ choices: [T]) -> T { choices[Int.random(in: 0..<choices.count, using: &numbers)] }

  /// Some of some choices, in their order.
  mutating func some<T>(_ choices: [T], oneIn: Int = 2) -> [T] { choices.filter { _ in chance(oneIn) } }

  /// Pieces one behind the other.
  mutating func joined(_ count: ClosedRange<Int>, _ piece: (inout RandomText) -> String) -> String {
    (0..<number(count)).map { _ in piece(&self) }.joined()
  }

  /// A variable, or what looks like one.
  mutating func variable(of names: [String], depth: Int = 0) -> String {
    let name = pick(names)
    switch number(0...13) {
    case 0...2: return "$" + name
    case 3...4: return "${\(name)}"
    case 5...9:
      let sign = pick([":-", "-", ":+", "+"])
      let word = joined(0...3) { text in
        depth < 3 && text.chance(3)
          ? text.variable(of: names, depth: depth + 1)
          : text.pick(["a", " ", "x y", "$", "$$", "{", "}", "-", ":", "'", "#"])
      }
      return "${\(name)\(sign)\(word)}"
    case 10: return "${\(chance(6) ? name : "OUTER")\(pick([":?", "?"]))\(pick(["", "why", "no $$"]))}"
    case 11: return "$$"
    case 12:
      return "$" + pick(["", " ", "1", "(", ")", ".", "/", "|", "\"", "é", "-", "=", "%", "#", "*", "@"])
    default:
      return chance(12)
        ? pick(["${", "${}", "${1}", "${\(name)", "${\(name):x}", "${\(name) }"]) : "$$" + name
    }
  }
}
