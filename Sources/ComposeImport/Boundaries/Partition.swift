/// Numbers that are joined to sets.
struct Partition: Sendable {
  private var parents: [Int]

  /// Each number up to a count by itself.
  init(count: Int) { parents = Array(0..<count) }

  /// The least number of the set that a number is in.
  func root(of number: Int) -> Int {
    var number = number
    while parents[number] != number { number = parents[number] }
    return number
  }

  /// Joins the sets of two numbers.
  ///
  /// - Returns: whether they were two.
  @discardableResult
  mutating func join(_ a: Int, _ b: Int) -> Bool {
    let (low, high) = (min(root(of: a), root(of: b)), max(root(of: a), root(of: b)))
    guard low != high else { return false }
    parents[high] = low
    // What hung below the higher one is found in one step from now on.
    for index in [a, b] where parents[index] != index { parents[index] = low }
    return true
  }

  /// The sets, each in order, in the order of their least numbers.
  var sets: [[Int]] {
    let sets = Dictionary(grouping: parents.indices) { root(of: $0) }
    return sets.keys.sorted().compactMap { sets[$0] }
  }
}
