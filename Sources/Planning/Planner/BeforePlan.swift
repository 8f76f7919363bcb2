import Diagnostics
import WorkloadSpec

/// What becomes of the services that run once per run: they run to success before a plan changes any instance, each
/// after those that it depends on, and never two at a time.
///
/// Where a plan changes nothing, they do not run. What one left behind is kept for its log until it runs again; that it is
/// gone is no drift.
struct BeforePlan {
  private let input: PlanInput
  /// The services as they are wanted, in the order in which they run.
  private let wanted: [Service]
  /// The workload in which the services count as having run: the paused rollout's, else the last release's.
  private let reference: Workload?

  init(input: PlanInput) {
    self.input = input
    wanted = input.desired?.narrowed(to: input.engine.engine).befores ?? []
    reference = (input.operatorState.rollout?.snapshot ?? input.lastRelease?.snapshot)?
      .narrowed(to: input.engine.engine)
  }

  // MARK: What is done

  /// What is done before everything else.
  ///
  /// - Parameter others: what the plan does to instances.
  func actions(before others: [Action]) -> [Action] {
    let chosen = wanted.filter(isChosen)
    let isDue =
      input.runsBefore
      && (others.contains(where: \.bringsInstances) || chosen.contains { reasonOfItsOwn($0) != nil })
    let runs = isDue ? chosen.map(run) : []
    let running = Set(runs.compactMap(\.subject.service))
    let stops = observed.filter { mayRun($0) && !running.contains($0.name) }.map { service in
      Action(
        .stop, .service(.before, service.name), causes: [.unfinished], reason: .outlivesItsRun)
    }
    return stops + runs
  }

  /// What takes away what is left of services that are wanted no more.
  var removals: [Action] {
    guard input.observation.before != nil else { return [] }
    let isWhole = wanted.isEmpty && observed.allSatisfy(isRemoved)
    // Some services say nothing of a place in which there is none of them.
    if isWhole, input.services == nil || !observed.isEmpty {
      return [Action(.delete, .instance(.before), causes: [.spec])]
    }
    return observed.filter(isRemoved).map { Action(.delete, .service(.before, $0.name), causes: [.spec]) }
  }

  /// What a person should know of what does not run.
  var notes: [Diagnostic] {
    if case .rollback(let number) = input.intent, !input.runsBefore, !wanted.isEmpty {
      let names = wanted.map { "`\($0.name)`" }.joined(separator: ", ")
      return [
        Diagnostic(
          .beforeSkipped,
          "\(names) \(wanted.count == 1 ? "does" : "do") not run: what earlier runs did stays",
          help:
            "with `--run-before`, the services of role before of release \(number) run before anything goes back"
        )
      ]
    }
    guard input.runsBefore else { return [] }
    return wanted.filter { !isChosen($0) && isUnfinished($0) }.map { service in
      Diagnostic(
        .driftElsewhere, "`\(service.name)` has not completed, and is left so",
        help: "apply without `--service` to run it")
    }
  }

  // MARK: Why

  /// Why a service runs whatever else the plan does.
  private enum OwnReason {
    /// It is new, or another than the one that ran; with the fields that differ.
    case isAnother([Change])
    /// A run that did not end left it undone.
    case isUnfinished
  }

  private func run(_ service: Service) -> Action {
    let subject = ActionSubject.service(.before, service.name)
    return switch reasonOfItsOwn(service) {
    case .isAnother(let changes):
      Action(.run, subject, changes: changes, causes: [.spec], reason: .runsBefore)
    case .isUnfinished: Action(.run, subject, causes: [.unfinished], reason: .hasNotCompleted)
    case nil: Action(.run, subject, reason: .runsBefore)
    }
  }

  private func reasonOfItsOwn(_ service: Service) -> OwnReason? {
    guard let last = reference?.service(service.name), last.role == .before else { return .isAnother([]) }
    let changes = changes(from: last, to: service)
    if !changes.isEmpty { return .isAnother(changes) }
    return isUnfinished(service) ? .isUnfinished : nil
  }

  /// What differs between a service as it ran and as it is wanted, as far as that makes it do something else.
  private func changes(from last: Service, to service: Service) -> [Change] {
    if last == service { return [] }
    var diff = FieldDiff(ownsEverything: true, engines: [input.engine]) { _, _, _ in [.spec] }
    for field in Service.schema.fields where field.description.comparison == .value {
      let description = field.description
      diff.compare(
        description.name, description.type, desired: field.value(service), live: field.value(last),
        last: field.value(last), impact: description.impact ?? .inPlace, isSecret: description.isSecret)
    }
    return diff.changes.filter { $0.impact > .inPlace }
  }

  // MARK: What is there

  private var observed: [ObservedService] { input.observation.before?.services ?? [] }

  private func isChosen(_ service: Service) -> Bool { input.services?.contains(service.name) ?? true }

  private func isRemoved(_ service: ObservedService) -> Bool {
    !wanted.contains { $0.name == service.name } && input.services?.contains(service.name) ?? true
  }

  /// Whether a run that did not end has begun a service, and it has not completed.
  private func isUnfinished(_ service: Service) -> Bool {
    observed.contains {
      $0.name == service.name && !$0.hasCompleted && input.incompleteRuns.contains($0.stamp.run)
    }
  }

  /// Whether there may be a process of a service, which only a run that was broken off leaves.
  private func mayRun(_ service: ObservedService) -> Bool {
    switch service.state {
    case .stopped, .failed, .destroyed: service.isUnsettled
    case .provisioning, .starting, .running, .stopping, .destroying, .unknown: true
    }
  }
}

extension Action {
  /// Whether an instance comes by it, or changes and gets new processes.
  fileprivate var bringsInstances: Bool {
    switch (kind, subject) {
    case (_, .volume), (_, .operatorState): false
    case (.create, _), (.restart, _), (.replace, _): true
    case (.scale, _):
      changes.contains { change in
        guard change.path == "replicas", case .value(let new) = change.new, let wanted = new.int else {
          return false
        }
        if case .value(let old) = change.old, let before = old.int { return wanted > before }
        return true
      }
    case (.adopt, _), (.update, _), (.start, _), (.stop, _), (.run, _), (.delete, _), (.hold, _),
      (.record, _):
      false
    }
  }
}
