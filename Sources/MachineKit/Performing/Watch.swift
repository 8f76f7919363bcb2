import HealthChecks
import ProviderKit
import WorkloadSpec

/// Looks at a machine ever less often, for as long as an action may take.
struct Watch {
  let machines: any Machines
  /// The machine as it was at the last look.
  private(set) var machine: FoundMachine
  /// What the last look at it said.
  var last: String?
  private let timeout: Duration
  private let end: ContinuousClock.Instant
  private var pace = CheckPace(interval: 5_000)
  /// Whether its cloud must know it: of what was just made, it may not at once.
  private var isKnown: Bool

  init(machines: any Machines, machine: FoundMachine, timeout: Duration) {
    (self.machines, self.machine, self.timeout) = (machines, machine, timeout)
    end = ContinuousClock.now + timeout
    isKnown = machine.state != .pending
  }

  /// Waits a while, and looks.
  ///
  /// - Throws: `ActionFailure` if the time is over; ``GoneMachine`` if it was there and is not any more.
  mutating func next(missed: String) async throws {
    guard ContinuousClock.now < end else {
      let time = SpecDuration(milliseconds: Int64(timeout / .milliseconds(1)))
      throw ActionFailure(
        "machine \(machine.id) \(missed) within \(time)" + (last.map { ": \($0)" } ?? ""), hasTimedOut: true)
    }
    let pause = Duration.milliseconds(pace.pauseAfterFailure())
    try await Task.sleep(for: min(pause, max(.zero, end - ContinuousClock.now)))
    if let found = try await machines.machine(machine.id) {
      (machine, isKnown) = (found, true)
    } else if isKnown {
      throw GoneMachine(id: machine.id)
    }
  }
}

/// That a machine is not there any more.
struct GoneMachine: Error {
  let id: String
}
