import Planning
import Values

/// A plan for programs.
public enum PlanJSON {
  /// The version of the format. It grows when something is taken away or changes its meaning, not when
  /// something is added.
  public static let formatVersion = 2

  /// The whole plan as an object, its keys always in this order; what is not there is `null`.
  ///
  /// | key | value |
  /// | --- | --- |
  /// | `formatVersion` | ``formatVersion`` |
  /// | `workload`, `namespace`, `target` | names |
  /// | `engine` | `provider` and `id` |
  /// | `intent` | `apply`, `rollback`, `destroy`, `scale`, `stop`, `start`, `restart`, `suspend`, `unsuspend`, `promote` or `abort` |
  /// | `rollbackTo` | the number of the release to go back to |
  /// | `scaleTo` | the number of instances to have |
  /// | `base` | the number of the release that it starts from |
  /// | `isEmpty` | whether there is nothing to do |
  /// | `recordsRelease` | whether a release will be recorded |
  /// | `counts` | how many services and volumes see each kind of action, zeros included |
  /// | `interruptions` | `service`, `instances` and `isForGood` of what stops working |
  /// | `workloadChanges` | what differs in the workload itself, as changes |
  /// | `actions` | in order: `id`, `kind`, `subject`, `changes`, `causes`, `reason`, `after` (ids), `alsoRestarts`, `isInterruption`, `leavesStopped`, `reach` (`instances` and `services` of an action on an instance or a workload as a whole), `isOneAtATime`, `pausesAfter` (after how many new instances an engine that rolls by itself waits) |
  /// | `afterPause` | where it pauses a rollout, what promoting it has still to do, as actions |
  /// | `notes` | diagnostics |
  /// | `images` | `image` and `digest` of the tags that services are made from; where no digest is known, `digest` is
  /// `null`, and `reason` says why |
  /// | `pins` | `service` and `image` of the images that `--pin` gives a digest |
  /// | `detachedVolumes` | `name`, `ordinal`, `type` and `size` of the volumes that nothing will use |
  /// | `operatorState` | what operators asked and will hold: `stopped`, a list of `instance` and `service` (`null` means all), `suspension` with `reason`, `by` and `since`, and `rollout`, the paused one, with `strategy`, `instances`, `replicas`, `by` and `since` |
  /// | `desired` | the workload as it will be; `null` when it is to be destroyed |
  ///
  /// A subject has the keys `type` (`workload`, `instance`, `service`, `volume`, `operatorState`), `instance`, `service`,
  /// `volume` and `ordinal`. A change has `path`, `old`, `new`, `causes` and `impact`; each side is an object
  /// with the key `is`: `absent`, `secret`, `unknown`, or `value` with the value under the key `value`. A reason has the
  /// key `code`, the facts that belong to the code (``Planning/ActionReason``), and `words`, which may be reworded.
  public static func render(_ plan: Plan) -> String { CanonicalJSON.pretty(value(plan)) }

  /// The plans of a command under `plans`, and their identity under `id`, by which an apply may expect them; `null` where there
  /// is none.
  public static func render(_ review: PlanReview) -> String {
    CanonicalJSON.pretty([
      "id": Value(review.id), "plans": .list(review.plans.map { value($0) }),
    ])
  }

  /// The plan as data, for a list of several.
  public static func value(_ plan: Plan) -> Value {
    var rollback: Int?
    var scale: Int?
    if case .rollback(let number) = plan.intent { rollback = number }
    if case .scale(let number) = plan.intent { scale = number }
    let counts = plan.counts
    return [
      "formatVersion": Value(formatVersion),
      "workload": .string(plan.key.name),
      "namespace": .string(plan.key.namespace),
      "target": .string(plan.target),
      "engine": ["provider": .string(plan.engine.provider), "id": .string(plan.engine.id)],
      "intent": .string(plan.intent.verb),
      "rollbackTo": Value(rollback),
      "scaleTo": Value(scale),
      "base": Value(plan.base),
      "isEmpty": .bool(plan.isEmpty),
      "recordsRelease": .bool(plan.recordsRelease),
      "counts": .map(
        ActionKind.allCases.map { kind in
          .init(kind.rawValue, Value(counts.first { $0.kind == kind }?.count ?? 0))
        }),
      "interruptions": .list(
        plan.interruptions.map {
          [
            "service": .string($0.service), "instances": .list($0.instances.map { .string($0.description) }),
            "isForGood": .bool($0.isForGood),
          ]
        }),
      "workloadChanges": .list(plan.workloadChanges.map(\.plain)),
      "actions": .list(plan.actions.map { action($0, plan) }),
      "afterPause": .list(plan.afterPause.map { action($0, plan) }),
      "notes": .list(plan.notes.map(DiagnosticsJSON.value)),
      "images": .list(plan.images.map(image)),
      "pins": .list(
        plan.pinnedImages.map { ["service": .string($0.service), "image": .string($0.image)] }),
      "detachedVolumes": .list(
        plan.detachedVolumes.map {
          [
            "name": .string($0.name), "ordinal": Value($0.ordinal), "type": .string($0.type.rawValue),
            "size": Value($0.size?.description),
          ]
        }),
      "operatorState": OperatorStateJSON.value(plan.operatorState),
      "desired": plan.desired?.plain ?? .null,
    ]
  }

  /// The action, its reason with the words for it.
  private static func action(_ action: Action, _ plan: Plan) -> Value {
    guard let reason = action.reason, case .map(var members) = action.plain,
      let place = members.firstIndex(where: { $0.key == "reason" }),
      case .map(let facts) = members[place].value
    else { return action.plain }
    let words = Value.Member("words", .string(ReasonText.line(reason, of: plan.key.name)))
    members[place] = .init("reason", .map(facts + [words]))
    return .map(members)
  }

  private static func image(_ lead: ImageLead) -> Value {
    switch lead.resolution {
    case .digests(let digests):
      ["image": .string(lead.image), "digest": Value(digests.first), "reason": .null]
    case .unknown(let reason):
      ["image": .string(lead.image), "digest": .null, "reason": .string(reason)]
    }
  }
}
