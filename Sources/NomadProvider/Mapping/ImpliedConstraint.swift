import Values

/// What servers add to the constraints of a group by themselves: that its nodes can send the signals that its tasks are stopped, or
/// told of changes, by. `jobImpliedConstraints` of Nomad.
enum ImpliedConstraint {
  /// Whether a constraint of a live job is such a one.
  static func isOne(_ constraint: JSON) -> Bool {
    constraint["LTarget"]?.string == "${attr.os.signals}" && constraint["Operand"]?.string == "set_contains"
  }

  /// The constraints of a live group without them; `nil` if none are left.
  ///
  /// - Parameter made: the constraints that berth makes, which stay.
  static func without(_ live: JSON?, made: JSON?) -> JSON? {
    guard let constraints = live?.array else { return live }
    let own = made?.array ?? []
    let left = constraints.filter { constraint in
      !isOne(constraint) || own.contains { $0["RTarget"] == constraint["RTarget"] && isOne($0) }
    }
    return left.isEmpty ? nil : .array(left)
  }
}
