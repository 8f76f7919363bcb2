import Planning
import Values

/// What happens while a plan is applied, as lines for a log. Each text ends with a line break.
public struct ProgressText: Sendable {
  private let style: TextStyle
  /// What each line begins with.
  private let label: String

  /// Renders in a style.
  ///
  /// - Parameter workload: the name that each line begins with, where several workloads are applied.
  public init(style: TextStyle, workload: String? = nil) {
    self.style = style
    label = workload.map { "\(SafeText.line($0)): " } ?? ""
  }

  /// Another run holds the lock.
  ///
  /// - Parameters:
  ///   - holder: who it is, in words.
  ///   - since: when the lock was taken.
  public func waiting(for holder: String, since: Timestamp, now: Timestamp) -> String {
    let age = AgeText.from(since, to: now)
    return label
      + style.paint("waiting for the lock that \(SafeText.line(holder)) holds for \(age)", .warning) + "\n"
  }

  /// Workloads that it depends on are not ready yet.
  public func waiting(for dependencies: [WorkloadKey]) -> String {
    let names = dependencies.map { SafeText.line($0.name) }.joined(separator: ", ")
    return label
      + style.paint("waiting until \(names) \(dependencies.count == 1 ? "is" : "are") ready", .warning)
      + "\n"
  }

  /// An action begins.
  public func started(_ action: Action) -> String {
    label + style.paint("\(action.kind.sign) \(Self.name(action)) …", .faint) + "\n"
  }

  /// What a provider has to say on an action that is under way.
  public func progress(_ action: Action, _ message: String) -> String {
    label + style.paint("  \(Self.name(action)): \(SafeText.line(message))", .faint) + "\n"
  }

  /// The line for an action that succeeded, with its duration.
  public func succeeded(_ action: Action, after duration: Duration) -> String {
    "\(label)\(style.paint("✓", .good)) \(Self.name(action))  \(style.paint(DurationText.short(duration), .faint))\n"
  }

  /// An action failed.
  ///
  /// - Parameters:
  ///   - message: why, in one line.
  ///   - logTail: the last lines that its service wrote.
  public func failed(_ action: Action, _ message: String, logTail: [String]) -> String {
    var text = label + style.paint("✗ \(Self.name(action)): \(SafeText.line(message))", .error) + "\n"
    for line in logTail {
      let safe = SafeText.line(line)
      text += label + "    " + style.paint("|", .removed) + (safe.isEmpty ? "" : " \(safe)") + "\n"
    }
    return text
  }

  /// The line for a release that was recorded, with what it restores or that the workload is destroyed.
  public func recorded(_ release: Release) -> String {
    let restored = release.restoredFrom.map { ", which restores release \($0)" } ?? ""
    let what = release.snapshot == nil ? ": the workload is destroyed" : restored
    return label + style.paint("✓ release \(release.number) recorded", .good) + "\(what)\n"
  }

  /// The run failed, and the workload goes back.
  ///
  /// - Parameter release: to which release; `nil` means that what was created is taken away.
  public func goingBack(to release: Int?) -> String {
    let words = release.map { "going back to release \($0)" } ?? "deleting what this run created"
    return label + style.paint(words, .warning) + "\n"
  }

  /// `restart api (instance 0)`
  static func name(_ action: Action) -> String {
    guard case .service(let instance, _) = action.subject else { return PlanSummary.verb(action) }
    return "\(PlanSummary.verb(action)) (instance \(instance))"
  }
}
