import ProviderKit
import Values
import WorkloadSpec

extension NomadTable {
  // MARK: What only Nomad knows of a service

  static let ofServices: [TaskRow] = [
    .own(
      "config", "`Config` of the task: further options of the driver", \.config,
      write: { tree, writing, draft in
        for member in tree.value.members ?? [] {
          if let made = draft[option: member.key], made != JSON(member.value) {
            draft.refuse(
              "service `\(writing.service.name)` states `on.nomad.config.\(member.key)`, which fields of its spec write, too",
              help: "leave one of the two out")
          }
          draft[option: member.key] = JSON(member.value)
        }
      },
      read: { reading in
        let stated = reading.own.config
        return Tree(
          .map(
            (stated.value.members ?? []).compactMap { member in
              reading.option(member.key).map { .init(member.key, $0.value) }
            }))
      }),
    .restart("attempts", "`Attempts` of the `RestartPolicy` of the task"),
    .within("on.nomad.restart.interval", "`Interval`", cost: .inPlace),
    .within("on.nomad.restart.delay", "`Delay`", cost: .inPlace),
    .within("on.nomad.restart.mode", "`Mode`", cost: .inPlace),
    .own(
      "changeMode", "`ChangeMode` of all templates", \.changeMode, write: { _, _, _ in },
      read: { reading in
        guard let template = reading.changing else { return reading.own.changeMode }
        return template["ChangeMode"]?.string.flatMap(ChangeMode.init) ?? .restart
      }),
    .own(
      "changeSignal", "`ChangeSignal` of all templates", \.changeSignal, write: { _, _, _ in },
      read: { reading in
        guard reading.own.changeMode == .signal, let template = reading.changing else {
          return reading.own.changeSignal
        }
        return template["ChangeSignal"]?.string ?? NomadService().changeSignal
      }),
    .own(
      "gpuDevice", "`Name` of the device", \.gpuDevice, write: { _, _, _ in },
      read: { reading in
        let stated = reading.own.gpuDevice
        guard reading.stated.resources.gpu != nil, reading.device(stated) == nil else { return stated }
        return NomadService().gpuDevice
      }),
    .own(
      "cpuHardLimit", "`cpu_hard_limit`", \.cpuHardLimit,
      write: { isHard, writing, draft in
        guard isHard else { return }
        if !writing.driver.runsImages {
          draft.refuse(
            "service `\(writing.service.name)` has `on.nomad.cpuHardLimit`, which the driver \(writing.driver.rawValue) lacks",
            help: "leave it out")
        }
        draft[option: "cpu_hard_limit"] = true
      }, read: { $0.option("cpu_hard_limit")?.bool ?? false }),
    .own(
      "logFiles", "`MaxFiles` of the `LogConfig`", cost: .inPlace, \.logFiles,
      write: { files, _, draft in draft.task[["LogConfig", "MaxFiles"]] = .int(Int64(files)) },
      read: { $0.task.at("LogConfig", "MaxFiles")?.int.map { Int($0) } ?? NomadService().logFiles }),
    .own(
      "logFileSize", "`MaxFileSizeMB`, in whole MiB, rounded up", cost: .inPlace, \.logFileSize,
      write: { size, _, draft in draft.task[["LogConfig", "MaxFileSizeMB"]] = .int(size.mebibytes) },
      read: {
        ByteQuantity.live($0.own.logFileSize, $0.task.at("LogConfig", "MaxFileSizeMB"))
          ?? NomadService().logFileSize
      }),
    .own(
      "shutdownDelay", "`ShutdownDelay` of the task", cost: .inPlace, \.shutdownDelay,
      write: { delay, _, draft in
        if delay.milliseconds > 0 { draft.task["ShutdownDelay"] = delay.nanoseconds }
      },
      read: { SpecDuration(nanoseconds: $0.task["ShutdownDelay"]) ?? .seconds(0) }),
  ]
}

extension TaskReading {
  /// A template that says what happens when it changes; those of credentials never do.
  fileprivate var changing: JSON? {
    task["Templates"]?.array?.first { $0["DestPath"]?.string != "secrets/berth-registry.env" }
  }
}

extension TaskRow {
  fileprivate static func own<V>(
    _ path: String, _ words: String, cost: Impact = .replace,
    _ member: WritableKeyPath<NomadService, V> & Sendable,
    write: @escaping @Sendable (V, TaskWriting, inout JobDraft) -> Void,
    read: @escaping @Sendable (TaskReading) -> V
  ) -> TaskRow {
    .enforced(
      "on.nomad.\(path)", words, cost: cost,
      write: { write($0.own[keyPath: member], $0, &$1) },
      read: { $1.on[NomadService.self][keyPath: member] = read($0) })
  }

  fileprivate static func restart(_ name: String, _ words: String) -> TaskRow {
    .enforced(
      "on.nomad.restart.\(name)", words, cost: .inPlace,
      write: { writing, draft in
        guard let restart = writing.own.restart else { return }
        draft.task["RestartPolicy"] = [
          "Attempts": .int(Int64(restart.attempts)), "Interval": restart.interval.nanoseconds,
          "Delay": restart.delay.nanoseconds, "Mode": .string(restart.mode.rawValue),
        ]
      },
      read: { reading, service in
        // Without one that is stated, a server writes its own.
        guard reading.own.restart != nil, let live = reading.task["RestartPolicy"] else { return }
        var restart = NomadRestart()
        restart.attempts = live["Attempts"]?.int.map { Int($0) } ?? restart.attempts
        restart.interval = SpecDuration(nanoseconds: live["Interval"]) ?? restart.interval
        restart.delay = SpecDuration(nanoseconds: live["Delay"]) ?? restart.delay
        restart.mode = live["Mode"]?.string.flatMap(RestartMode.init) ?? restart.mode
        service.on[NomadService.self].restart = restart
      })
  }
}
