import Diagnostics
import Planning
import WorkloadSpec
import YAMLNodes

/// What a plan may do.
public struct PlanCondition: SpecObject {
  /// In how many instances services may stop working, for a while or for good.
  public var maxInterrupted: Int?
  /// What it must not do.
  public var forbid: [PlanDeed] = []
  /// Where it stands.
  @Uncompared var location: SourceLocation? = nil

  /// A condition that every plan fulfils.
  public init() {}

  /// The statement of its fields.
  public static let schema = ObjectSchema<PlanCondition>(
    "plan condition", "What a plan may do.",
    synonyms: [
      "interrupts": "maxInterrupted", "maxUnavailable": "maxInterrupted", "deny": "forbid", "never": "forbid",
    ],
    alternatives: Alternatives(
      ["maxInterrupted", "forbid"],
      help: "say what plans must not do, such as `forbid: [destroy, delete-volumes]`"),
    fields: [
      Field(
        "maxInterrupted", \.maxInterrupted,
        "in how many instances a plan may have services stop working, for a while or for good",
        rules: [.range(0...10_000)]),
      Field(
        "forbid", \.forbid,
        "what a plan must not do: kinds of action, `destroy` (the workload as a whole) and `delete-volumes`"),
    ])

  /// Reads its fields, and where they stand.
  public static func read(_ node: Node, by decoder: inout SpecDecoder) -> PlanCondition? {
    var condition = readFields(node, by: &decoder)
    condition?.location = node.location
    return condition
  }

  /// What is wrong with a plan, each in words that follow "the plan".
  func problems(with plan: Plan) -> [String] {
    var problems: [String] = []
    for deed in forbid {
      let subjects = deed.subjects(in: plan)
      guard !subjects.isEmpty else { continue }
      let shown = subjects.prefix(4).joined(separator: ", ")
      let rest = subjects.count > 4 ? " and \(subjects.count - 4) more" : ""
      problems.append("\(deed.words) (\(shown)\(rest)), and must not")
    }
    if let maxInterrupted {
      let interruptions = plan.interruptions
      let count = Set(interruptions.flatMap(\.instances)).count
      if count > maxInterrupted {
        let names = interruptions.map(\.service).joined(separator: ", ")
        let instances = count == 1 ? "1 instance" : "\(count) instances"
        problems.append(
          "interrupts services in \(instances) (\(names)), and may in \(maxInterrupted) at most")
      }
    }
    return problems
  }
}

/// Something that a plan can do.
public enum PlanDeed: String, SpecChoice {
  /// Takes the workload away as a whole.
  case destroy
  /// Deletes a volume with the data on it.
  case deleteVolumes = "delete-volumes"
  /// Takes over what berth did not create.
  case adopt
  /// Makes something that is not there.
  case create
  /// Changes something without stopping it.
  case update
  /// Starts something that is there.
  case start
  /// Stops something, and keeps it so.
  case stop
  /// Runs something once to its end.
  case run
  /// Stops something and starts it again, with its file system.
  case restart
  /// Takes something away, and makes it anew.
  case replace
  /// Changes the number of instances, where the engine does the rest.
  case scale
  /// Takes a service or an instance away.
  case delete

  /// What it is done to in a plan.
  func subjects(in plan: Plan) -> [String] {
    switch self {
    case .destroy: plan.desired == nil && !plan.isEmpty ? [plan.key.name] : []
    case .deleteVolumes: Self.subjects(of: plan.actions.filter { $0.kind == .delete && $0.isOnVolume })
    case .adopt, .create, .update, .start, .stop, .run, .restart, .replace, .scale, .delete:
      Self.subjects(of: plan.actions.filter { $0.kind.rawValue == rawValue && !$0.isOnVolume })
    }
  }

  private static func subjects(of actions: [Action]) -> [String] { actions.map(\.subject.description) }

  /// In words that follow "the plan": "replaces".
  fileprivate var words: String {
    switch self {
    case .destroy: "destroys the workload"
    case .deleteVolumes: "deletes volumes"
    case .adopt: "adopts"
    case .create: "creates"
    case .update: "updates"
    case .start: "starts"
    case .stop: "stops"
    case .run: "runs"
    case .restart: "restarts"
    case .replace: "replaces"
    case .scale: "scales"
    case .delete: "deletes"
    }
  }
}

extension Action {
  fileprivate var isOnVolume: Bool { if case .volume = subject { true } else { false } }
}
