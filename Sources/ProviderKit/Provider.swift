import Planning
import Secrets
import WorkloadSpec

/// A provider with both halves: what looks, and the one door through which everything is changed.
public protocol Provider: ProviderReader {
  /// Performs one action, and returns when it is finished: a create, start, restart or replace when the
  /// service is ready (an init: when it has completed), a stop when its process is gone, a delete when nothing
  /// is left.
  ///
  /// A service is run once per run in the place of ``Planning/InstanceID/before``, anew, and to success; what it leaves is
  /// observed as ``Planning/Observation/before``, and its log is kept until it runs again. One that an earlier run left
  /// running is waited for, for as long as the timeout allows, and then ended: never are there two of it. One that
  /// fails, or does not complete within the timeout, runs no more when the action fails.
  ///
  /// A stopped service is there, `stopped` without an exit code, and nothing but an action starts it again: not
  /// its restart policy, and not the engine when it starts itself. An action that
  /// ``Planning/Action/leavesStopped`` makes or changes its service and leaves it like that.
  ///
  /// What an action adopts is what its ``Planning/Action/adopts`` names, and nothing else: it gets the workload's stamp before
  /// anything else about it is changed, keeps its processes and its data, and is ours, or not, at every instant. Where it is
  /// gone, or carries another stamp by now, the action fails.
  ///
  /// Performing an action twice is performing it once: what is there already is taken as done, by its stamp.
  /// Names are deterministic, so that a repetition finds what a lost reply made.
  ///
  /// - Throws: ``ActionFailure`` if the service can't get there; ``ProviderError`` if the engine can't be
  ///   reached. `CancellationError` if the task is cancelled; what was begun may then be half done.
  func perform(_ action: Action, in context: ActionContext) async throws

  /// Runs a command beside a service that runs, and returns when the command has ended. Only of a provider
  /// with the capability ``Capability/exec`` may it be asked.
  ///
  /// A command that can't be started is one that ended: with 127 if there is no such program, else with 126, and
  /// the reason on its standard error, as shells have it.
  ///
  /// - Parameters:
  ///   - input: what the command is given. It is read no faster than the command takes it. A sequence that is
  ///     over without ``ExecInput/end`` ends the standard input too.
  ///   - output: takes what the command wrote, piece by piece; the command waits for as long as it does not
  ///     return. What it throws ends the command.
  /// - Returns: the exit code, or 128 and the number of the signal that ended the command.
  /// - Throws: ``ActionFailure`` if there is no such service, or it does not run; ``ProviderError`` if the engine
  ///   can't be reached, or is lost while the command runs. `CancellationError` if the task is cancelled. However
  ///   it throws, the command is ended.
  func exec(
    _ request: ExecRequest, input: any AsyncSequence<ExecInput, Never> & Sendable,
    output: @escaping @Sendable (ExecOutput) async throws -> Void
  ) async throws -> Int32

  /// The release history, the runs and the lock.
  var store: any ReleaseStore { get }
}

/// What an action is performed with.
public struct ActionContext: Sendable {
  /// The workload that the action changes.
  public let key: WorkloadKey
  /// The workload as it will be; `nil` when it is being destroyed.
  public let desired: Workload?
  /// The workload as the last release has it.
  public let last: Workload?
  /// The run, which goes into stamps.
  public let run: RunID
  /// How long a service may take to become ready.
  public let timeout: Duration
  /// The values of the secrets of the run, by ``SecretReference/key``.
  public let secrets: [String: SecretValue]
  /// The keyed digests of those values, by key: what stamps may hold of them.
  public let secretDigests: [String: String]
  /// The target's key for digests of what is secret; see ``SecretDigest``.
  public let digestKey: [UInt8]?
  /// What the engine declares; `nil` if it declares nothing.
  public let engine: EngineFields?
  /// Whether fields that other clients keep on the engine, and that no release has said, are taken from them.
  public let takesOwnership: Bool
  /// Where to say how it goes, for a person who watches.
  public let report: @Sendable (String) -> Void

  /// The context of an action.
  ///
  /// - Parameter engine: what the engine declares. What workloads say on others is left out.
  public init(
    key: WorkloadKey, desired: Workload?, last: Workload? = nil, run: RunID, timeout: Duration,
    secrets: [String: SecretValue] = [:], secretDigests: [String: String] = [:],
    digestKey: [UInt8]? = nil, engine: EngineFields? = nil,
    takesOwnership: Bool = false, report: @escaping @Sendable (String) -> Void = { _ in }
  ) {
    self.key = key
    self.engine = engine
    self.desired = engine.map { engine in desired.map { $0.narrowed(to: engine.engine) } } ?? desired
    self.last = engine.map { engine in last.map { $0.narrowed(to: engine.engine) } } ?? last
    self.run = run
    self.takesOwnership = takesOwnership
    self.timeout = timeout
    self.secrets = secrets
    self.secretDigests = secretDigests
    self.digestKey = digestKey
    self.report = report
  }

  /// What an element that this action makes is stamped with.
  public func stamp(for element: AnyElement, in instance: InstanceID) -> Stamp {
    Stamp(
      key: key, instance: instance, service: element.name, run: run,
      digest: SpecDigest(of: element, in: desired, on: engine))
  }

  /// What an element that this action makes is stamped with.
  public func stamp(for element: some BodyElement, in instance: InstanceID) -> Stamp {
    stamp(for: AnyElement(element), in: instance)
  }
}

/// An action that could not be performed, with what the service itself said.
public struct ActionFailure: Error, Sendable {
  /// Why, in one line: "exited with code 1 before it was ready".
  public let message: String
  /// The last lines that the service wrote.
  public let logTail: [LogLine]
  /// Whether nothing went wrong but that it took longer than it may.
  public let hasTimedOut: Bool

  public init(_ message: String, logTail: [LogLine] = [], hasTimedOut: Bool = false) {
    self.message = message
    self.logTail = logTail
    self.hasTimedOut = hasTimedOut
  }
}

/// An engine that can't be asked.
public struct ProviderError: Error, Sendable, CustomStringConvertible {
  /// Why, in one line.
  public let message: String
  /// What to do about it.
  public let help: String?

  public init(_ message: String, help: String? = nil) {
    self.message = message
    self.help = help
  }

  /// The message, as it is shown to users.
  public var description: String { message }
}
