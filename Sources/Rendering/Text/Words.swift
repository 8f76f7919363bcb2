/// Counts and lists in the words of a sentence.
enum Words {
  /// `1 error`, `2 errors`.
  static func count(_ number: Int, _ one: String, _ several: String? = nil) -> String {
    number == 1 ? "1 \(one)" : "\(number) \(several ?? one + "s")"
  }

  /// `0`, `0 and 2`, `0–4, 7`: numbers in order, three or more in a row drawn together.
  static func ranges(_ numbers: [Int]) -> String {
    var parts: [String] = []
    var rest = numbers.sorted()[...]
    while let first = rest.popFirst() {
      var last = first
      while rest.first == last + 1 { last = rest.removeFirst() }
      switch last - first {
      case 0: parts.append("\(first)")
      case 1: parts += ["\(first)", "\(last)"]
      default: parts.append("\(first)–\(last)")
      }
    }
    return parts.joined(separator: ", ")
  }
}
