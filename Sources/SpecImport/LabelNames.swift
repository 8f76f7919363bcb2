import WorkloadSpec

/// The DNS labels that names of a file become, each name its own.
public struct LabelNames: Sendable {
  private var labelOf: [String: String] = [:]
  /// Every label.
  public private(set) var labels: Set<String>

  /// Finds labels. A name that is a label already stays as it is.
  public init(_ names: [String]) {
    labels = Set(names.filter { DNSLabel.isValid($0) })
    for name in names {
      let label = DNSLabel.isValid(name) ? name : Self.unused(name, labels)
      labels.insert(label)
      labelOf[name] = label
    }
  }

  /// The label of a name; `nil` if it is none of the names.
  public subscript(name: String) -> String? { labelOf[name] }

  /// A label like a text that is none of those that are taken.
  public static func unused(_ text: String, _ taken: Set<String>) -> String {
    let label = DNSLabel.nearest(to: text) ?? "x"
    if !taken.contains(label) { return label }
    var number = 2
    while taken.contains("\(label.prefix(58))-\(number)") { number += 1 }
    return "\(label.prefix(58))-\(number)"
  }
}
