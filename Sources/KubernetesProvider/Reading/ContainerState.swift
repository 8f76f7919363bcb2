import KubernetesAPI
import Planning
import Values

/// What a container of a pod is doing, as its status tells.
struct ContainerState: Sendable, Equatable {
  /// In the words of planning.
  var state: InstanceState
  /// Whether it can do its work; of one that runs to its end, whether it has done it.
  var isReady = false
  /// How often it was started again.
  var restarts = 0
  /// When it started, or ended if it has.
  var since: Timestamp?
  /// What it ended with, last time.
  var exitCode: Int?
  /// What a person should know.
  var message: String?

  /// Reads the status of a container.
  ///
  /// - Parameters:
  ///   - name: the container's.
  ///   - runsToEnd: whether it is done when it has ended.
  init(_ name: String, of pod: KubernetesObject, runsToEnd: Bool) {
    state = .provisioning
    let status = pod.containerStatus(name)
    read(status, runsToEnd: runsToEnd)
    restarts = status?["restartCount"]?.int.map { Int($0) } ?? 0
    if pod.phase == "Failed", state != .stopped, state != .failed {
      (state, isReady) = (.failed, false)
      message = pod.failure
    }
    if pod.isBeingDeleted, state != .stopped, state != .failed { (state, isReady) = (.destroying, false) }
  }

  private mutating func read(_ status: JSON?, runsToEnd: Bool) {
    let now = status?["state"]
    let last = status?.at("lastState", "terminated")
    exitCode = Self.exitCode(last)
    if let running = now?["running"] {
      isReady = !runsToEnd && status?["ready"]?.bool == true
      state = isReady || runsToEnd ? .running : .starting
      since = running["startedAt"]?.time
    } else if let ended = now?["terminated"] {
      exitCode = Self.exitCode(ended)
      since = ended["finishedAt"]?.time
      let isSuccess = exitCode == 0
      state = isSuccess ? .stopped : .failed
      isReady = runsToEnd && isSuccess
      if !isSuccess { message = Self.end(ended) }
    } else if let waiting = now?["waiting"], let reason = waiting["reason"]?.string {
      since = last?["finishedAt"]?.time
      guard !["ContainerCreating", "PodInitializing"].contains(reason) else { return }
      state = .failed
      message =
        reason == "CrashLoopBackOff"
        ? last.map(Self.end) ?? reason
        : [reason, waiting["message"]?.string].compactMap(\.self).joined(separator: ": ")
    }
  }

  private static func exitCode(_ ended: JSON?) -> Int? {
    if let signal = ended?["signal"]?.int, signal > 0 { return 128 + Int(signal) }
    return ended?["exitCode"]?.int.map { Int($0) }
  }

  /// How a process ended, in words: `exited with code 3`.
  static func end(_ ended: JSON) -> String {
    let reason = ended["reason"]?.string
    let told = ended["message"]?.string.map { ": \($0.oneLine)" } ?? ""
    if reason == "OOMKilled" { return "was ended by the system: it took more memory than its limit" }
    if reason == "DeadlineExceeded" { return "was ended: its time was over" }
    return "exited with code \(exitCode(ended) ?? 1)" + told
  }
}

extension KubernetesObject {
  /// How far a pod is: `Pending`, `Running`, `Succeeded`, `Failed`.
  var phase: String { json.at("status", "phase")?.string ?? "" }

  /// Why a pod has failed as a whole.
  var failure: String? {
    let parts = [json.at("status", "reason")?.string, json.at("status", "message")?.string?.oneLine]
    let text = parts.compactMap(\.self).joined(separator: ": ")
    return text.isEmpty ? nil : text
  }

  /// The status of a container, whether it comes first or does the work.
  func containerStatus(_ name: String) -> JSON? {
    let status = json["status"]
    return ((status?["initContainerStatuses"]?.array ?? []) + (status?["containerStatuses"]?.array ?? []))
      .first { $0["name"]?.string == name }
  }

  /// A condition of the status.
  func condition(_ type: String) -> JSON? {
    json.at("status", "conditions")?.array?.first { $0["type"]?.string == type }
  }

  /// Whether a condition of the status is so; `nil` if nothing is said.
  func isTrue(_ condition: String) -> Bool? {
    self.condition(condition)?["status"]?.string.map { $0 == "True" }
  }
}

extension JSON {
  /// The moment, if this is one.
  var time: Timestamp? {
    string.flatMap { ServerTime($0) }.map {
      Timestamp(milliseconds: $0.seconds * 1000 + Int64($0.nanoseconds) / 1_000_000)
    }
  }
}

extension String {
  /// What stands on several lines, on one.
  var oneLine: String { split(whereSeparator: \.isWhitespace).joined(separator: " ") }
}
