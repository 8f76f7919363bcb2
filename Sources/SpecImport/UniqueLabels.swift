import WorkloadSpec

/// DNS labels that are given out one after the other, none of them twice, however many are alike.
package struct UniqueLabels: Sendable {
  private var taken: Set<String>
  /// The next number behind each label that was asked for more than once.
  private var numbers: [String: Int] = [:]

  /// Starts with labels that are taken.
  package init(_ taken: Set<String> = []) { self.taken = taken }

  /// Marks labels as taken, so that they are not given out.
  package mutating func take(_ labels: some Sequence<String>) { taken.formUnion(labels) }

  /// Takes a label like a text that was not taken before.
  package mutating func next(like text: String) -> String {
    let label = DNSLabel.nearest(to: text) ?? "x"
    if taken.insert(label).inserted { return label }
    let stem = label.prefix(55)
    while true {
      let number = numbers[String(stem), default: 2]
      numbers[String(stem)] = number + 1
      if taken.insert("\(stem)-\(number)").inserted { return "\(stem)-\(number)" }
    }
  }
}
