import Crypto
import Values

/// What tells a plan from every other plan: what it does, to what, on which engine, and where that ends.
///
/// Two plans have the same identity if a user who agreed to one has agreed to the other. Neither the words of a plan, nor its
/// notes, nor the commit of the files is part of it.
public struct PlanIdentity: Sendable, Hashable {
  /// Where it starts and where it ends, whatever is left to do: 32 hexadecimal digits.
  public let end: String
  /// All of it: 32 hexadecimal digits.
  public let id: String

  /// Wraps what was written down.
  init(end: String, id: String) {
    self.end = end
    self.id = id
  }

  /// The identity of a plan.
  public init(_ plan: Plan) {
    let end: Value = [
      "engine": ["provider": .string(plan.engine.provider), "id": .string(plan.engine.id)],
      "namespace": .string(plan.key.namespace), "workload": .string(plan.key.name),
      "intent": .string(plan.intent.text), "base": Value(plan.base),
      "desired": plan.desired?.plain ?? .null,
    ]
    self.end = Self.digest(of: end)
    id = Self.digest(
      of: [
        "end": .string(self.end), "actions": .list(plan.actions.map(\.essence)),
        "afterPause": .list(plan.afterPause.map(\.essence)),
      ])
  }

  /// The identity of all plans of a command together: 32 hexadecimal digits. Those that change nothing are left out, so that
  /// it stays the same whatever else the files hold.
  public static func id(of plans: some Sequence<Plan>) -> String {
    id(of: plans.lazy.filter { !$0.isEmpty }.map { PlanIdentity($0).id })
  }

  /// The identity of all plans of a command together, by the ``id`` of each.
  public static func id(of plans: some Sequence<String>) -> String {
    digest(of: .list(plans.sorted().map(Value.string)))
  }

  private static func digest(of value: Value) -> String {
    var bytes: [UInt8] = []
    CanonicalJSON.write(value, into: &bytes)
    return Hex.lower(SHA256.hash(data: bytes).prefix(16))
  }
}

/// What a run writes down that was to carry out plans with an identity, and no others: enough for the same command to go on
/// where it was cut short.
public struct ExpectedRun: Sendable, Hashable {
  /// The identity of all plans of the command.
  public let expected: String
  /// The identity of the workload's own.
  public let plan: PlanIdentity

  /// A run that carries out a plan of a command.
  public init(expected: String, plan: PlanIdentity) {
    self.expected = expected
    self.plan = plan
  }

  /// What stands in ``Run/savedPlan``.
  public var text: String { "expected \(expected) \(plan.end) \(plan.id)" }

  /// Reads what ``text`` wrote; `nil` if it is anything else, such as the identity of a saved plan.
  public init?(text: String) {
    let words = text.split(separator: " ").map(String.init)
    guard words.count == 4, words[0] == "expected" else { return nil }
    self.init(expected: words[1], plan: PlanIdentity(end: words[2], id: words[3]))
  }
}
