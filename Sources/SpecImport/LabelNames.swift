import WorkloadSpec

/// The DNS labels that names of a file become, each name its own.
package struct LabelNames: Sendable {
  private var labelOf: [String: String] = [:]
  /// Every label.
  package let labels: Set<String>

  /// Finds labels. A name that is a label already stays as it is.
  package init(_ names: [String]) {
    var unique = UniqueLabels(Set(names.filter { DNSLabel.isValid($0) }))
    for name in names where labelOf[name] == nil {
      labelOf[name] = DNSLabel.isValid(name) ? name : unique.next(like: name)
    }
    labels = Set(labelOf.values)
  }

  /// The label of a name; `nil` if it is none of the names.
  package subscript(name: String) -> String? { labelOf[name] }
}
