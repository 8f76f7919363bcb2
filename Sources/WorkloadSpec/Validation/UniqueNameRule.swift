import Diagnostics

/// A name stands for one workload.
enum UniqueNameRule {
  /// Checks the names of workloads, in order. What is told apart in the files may be the same once variables are
  /// filled in.
  ///
  /// - Parameter place: where the name with an index stands.
  /// - Returns: the indices of the workloads whose name is not theirs alone.
  static func check(
    _ names: [String], _ diagnostics: inout Diagnostics, place: (Int) -> SourceLocation?
  ) -> Set<Int> {
    var refused: Set<Int> = []
    for index in names.indices.dropLast() where names[index] == names[index + 1] && !names[index].isEmpty {
      diagnostics.report(
        .duplicateWorkload, "there are two workloads `\(names[index])`", at: place(index + 1),
        help: "rename one of them", related: RelatedLocation.list("the first is here", place(index)))
      refused.formUnion([index, index + 1])
    }
    return refused
  }
}
