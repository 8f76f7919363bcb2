import Values
import WorkloadSpec

/// How a controller rolls: what berth writes of it, for what an engine can't tell.
package struct StatedStrategy: Sendable, Equatable {
  /// What the spec says.
  package var strategy: Strategy
  /// Whether no instance may start before every other one has ended, whatever that says.
  package var isOneAtATime: Bool

  /// How a controller rolls.
  package init(_ strategy: Strategy, isOneAtATime: Bool) {
    self.strategy = strategy
    self.isOneAtATime = isOneAtATime
  }

  /// Reads what berth wrote; `nil` if it is something else.
  package init?(text: String?) {
    guard let text, let value = try? Value(json: text), let fields = value["strategy"],
      let strategy = try? Strategy(json: CanonicalJSON.compact(fields))
    else { return nil }
    self.init(strategy, isOneAtATime: value["oneAtATime"]?.bool ?? false)
  }

  /// As an annotation has it.
  package var text: String {
    var members: [Value.Member] = [.init("strategy", strategy.plain)]
    if isOneAtATime { members.append(.init("oneAtATime", .bool(true))) }
    return CanonicalJSON.compact(.map(members))
  }
}
