import Planning
import Values

/// The status of a workload for a person.
///
///     shop on local (namespace default): running, 1 of 1 instances ready, 2 restarts
///     release 4, recorded 2h ago by ada@build-7
///
///     INSTANCE  SERVICE  STATE      READY  RESTARTS  SINCE  PID   ENDPOINTS
///     0         migrate  completed  yes    0         2h
///               api      running    yes    2         5m     4711  8080/tcp → 127.0.0.1:32768
public enum StatusText {
  /// A head line with the whole, and a table with every service of every instance.
  ///
  /// - Parameter now: what ages are counted to.
  public static func render(_ status: WorkloadStatus, now: Timestamp, style: TextStyle) -> String {
    var text = head(status, now, style)
    let observation = status.observation
    if !observation.places.isEmpty { text += "\n" + table(status, now, style) }
    let volumes = observation.volumes.map { volume in
      SafeText.line(volume.name) + (volume.ordinal.map { " (instance \($0))" } ?? "")
        + (volume.size.map { " \($0)" } ?? "") + (observation.isDetached(volume) ? " (detached)" : "")
    }
    if !volumes.isEmpty { text += "\nVolumes: \(volumes.joined(separator: ", "))\n" }
    if !observation.foreign.isEmpty {
      text += "\n"
      for object in observation.foreign {
        let words = "\(SafeText.line(object.kind)) sits on the name \(SafeText.line(object.name))"
        text += style.paint(words, .warning) + "\n"
      }
    }
    return text
  }

  private static func head(_ status: WorkloadStatus, _ now: Timestamp, _ style: TextStyle) -> String {
    let name = SafeText.line(status.key.name)
    let place = "on \(SafeText.line(status.target)) (namespace \(SafeText.line(status.key.namespace)))"
    var text = style.paint("\(name) \(place)", .strong) + ": "
    let instances = status.observation.instances
    if let state = status.state {
      let ready = instances.count { $0.isReady }
      text += style.paint(state.rawValue, ink(state, isReady: status.isReady))
      text += ", \(ready) of \(Words.count(instances.count, "instance")) ready"
      if status.restarts > 0 { text += ", \(Words.count(status.restarts, "restart"))" }
    } else {
      text += "no instances"
    }
    text += "\n"
    for gap in status.observation.gaps {
      text += style.paint("can't be observed: \(SafeText.line(gap))", .warning) + "\n"
    }
    if let release = status.release {
      let restored = release.restoredFrom.map { ", restored from release \($0)" } ?? ""
      text += "release \(release.number), recorded \(AgeText.from(release.recordedAt, to: now)) ago"
      text += " by \(SafeText.line(release.by))\(restored)\n"
    } else {
      text += "no release\n"
    }
    if let line = ControllerText.line(
      status.observation.controller?.progress, hasPausedRollout: status.operatorState.rollout != nil)
    {
      text += style.paint(line, .warning) + "\n"
    }
    for line in OperatorStateText.lines(status.operatorState, now, style) { text += line + "\n" }
    if let run = status.lastRun, run.outcome != .succeeded { text += lastRun(run, now, style) + "\n" }
    return text
  }

  private static func lastRun(_ run: Run, _ now: Timestamp, _ style: TextStyle) -> String {
    let age = AgeText.from(run.startedAt, to: now)
    let by = SafeText.line(run.by)
    let failure = run.failure.map { ": \(SafeText.line($0))" } ?? ""
    let (words, ink): (String, Ink) =
      switch run.outcome {
      case .unfinished: ("last run: \(run.intent.text), begun \(age) ago by \(by), has not ended", .warning)
      case .abandoned: ("last run: \(run.intent.text), begun \(age) ago by \(by), was killed", .warning)
      case .failed, .succeeded: ("last run: \(run.intent.text) failed \(age) ago\(failure)", .removed)
      }
    return style.paint(words, ink)
  }

  private static func table(_ status: WorkloadStatus, _ now: Timestamp, _ style: TextStyle) -> String {
    let instances = status.observation.places
    if status.observation.body == .machine { return MachineTable(status: status, now: now).text(style) }
    let hasProcesses = instances.contains { $0.services.contains { $0.processID != nil } }
    var table = Table(
      ["INSTANCE", "SERVICE", "STATE", "READY", "RESTARTS", "SINCE"] + (hasProcesses ? ["PID"] : [])
        + ["ENDPOINTS"])
    for instance in instances {
      let name = "\(instance.id)" + (status.newInstances.contains(instance.id) ? " (new)" : "")
      if instance.services.isEmpty, instance.id != .before {
        table.add(
          [.init(name), .init(""), .init(instance.state.rawValue), .init("no", .changed)]
            + (0..<(hasProcesses ? 4 : 3)).map { _ in .init("") })
      }
      for (index, service) in instance.services.enumerated() {
        table.add(cells(service, index == 0 ? name : "", hasProcesses: hasProcesses, now))
        if let note = note(service) { table.add(note: "          └ \(note)", .faint) }
      }
      // What has run needs nothing to live in.
      if let message = instance.message, instance.id != .before {
        table.add(note: "  └ instance \(instance.id): \(SafeText.line(message))", .warning)
      }
    }
    return table.text(style)
  }

  private static func cells(
    _ service: ObservedService, _ instance: String, hasProcesses: Bool, _ now: Timestamp
  ) -> [Table.Cell] {
    let process = service.processID.map(String.init) ?? ""
    return [
      .init(instance), .init(SafeText.line(service.name)),
      .init(
        service.hasCompleted ? "completed" : service.state.rawValue,
        ink(service.state, isReady: service.isReady)),
      .init(service.isReady ? "yes" : "no", service.isReady ? nil : .changed),
      .init("\(service.restarts)", service.restarts > 0 ? .changed : nil),
      .init(service.since.map { AgeText.from($0, to: now) } ?? ""),
    ] + (hasProcesses ? [.init(process)] : []) + [
      .init(service.endpoints.map(text).joined(separator: ", "))
    ]
  }

  /// What a person should know of a service that is not as it should be.
  private static func note(_ service: ObservedService) -> String? {
    let ended = service.exitCode.flatMap { code in
      service.isReady || service.state == .running ? nil : "ended with exit code \(code)"
    }
    let parts = [ended, service.message.map { SafeText.line($0) }].compactMap(\.self)
    return parts.isEmpty ? nil : "\(SafeText.line(service.name)): \(parts.joined(separator: "; "))"
  }

  /// `8080/tcp → 127.0.0.1:32768`
  private static func text(_ endpoint: Endpoint) -> String {
    let address = SafeText.line(endpoint.hostAddress)
    let host = address.contains(":") ? "[\(address)]" : address
    return "\(endpoint.containerPort)/\(endpoint.transport.rawValue) → \(host):\(endpoint.hostPort)"
  }

  static func ink(_ state: InstanceState, isReady: Bool) -> Ink? {
    switch state {
    case .running: isReady ? .added : .changed
    case .failed, .unknown: .removed
    case .stopped, .destroyed: isReady ? nil : .faint
    case .provisioning, .starting, .stopping, .destroying: .changed
    }
  }
}
