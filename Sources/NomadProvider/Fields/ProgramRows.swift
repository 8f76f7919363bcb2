import ProviderKit
import Values
import WorkloadSpec

extension NomadTable {
  // MARK: What runs

  static let program: [TaskRow] = [
    .stamped("name", "`Name` of the task", write: { $1.task["Name"] = .string($0.service.name) }) {
      $1.name = $0.stated.name
    },
    .stamped(
      "role",
      "a task of the group: `Lifecycle` with `prestart` for an init and a sidecar that main needs, `poststart` for any other sidecar; a job of its own for what runs once per run",
      write: { writing, draft in
        let moment = TaskOrder(writing.writing.workload.services).moments[writing.service.name] ?? .main
        draft.task["Driver"] = .string(writing.driver.rawValue)
        guard writing.service.role != .before, let lifecycle = moment.lifecycle else { return }
        draft.task["Lifecycle"] = ["Hook": .string(lifecycle.hook), "Sidecar": .bool(lifecycle.isSidecar)]
      }, read: { $1.role = $0.stated.role }),
    .enforced(
      "image", "`image` of the driver",
      write: { writing, draft in
        guard let image = writing.service.image else {
          draft.refuse(
            "service `\(writing.service.name)` has no `image`, which containers are made from",
            help: "add an `image`, or choose `driver: exec` or `raw_exec` in the target")
          return
        }
        draft[option: "image"] = .string(SpecText.escapeOption(image))
      },
      read: { $1.image = $0.live($0.stated.image, $0.option("image")) }),
    .enforced(
      "command", "`entrypoint`, without it the image's own; of processes `command`, and the first of `args`",
      write: { writing, draft in
        let command = writing.service.command
        draft.refuseUntold(command + writing.service.args, "`command` and `args`", writing)
        if writing.driver.runsImages {
          if !command.isEmpty { draft[option: "entrypoint"] = writing.options(command) }
        } else if let program = command.first {
          draft[option: "command"] = writing.option(program)
        } else {
          draft.refuse(
            "service `\(writing.service.name)` has no `command`, and the driver \(writing.driver.rawValue) runs no images",
            help: "add a `command` that the nodes have")
        }
      },
      read: { reading, service in
        if reading.driver.runsImages {
          service.command = reading.live(reading.stated.command, reading.option("entrypoint"))
        } else {
          (service.command, service.args) = reading.program
        }
      }),
    .enforced(
      "args", "`args`",
      write: { writing, draft in
        let own = writing.driver.runsImages ? [] : Array(writing.service.command.dropFirst())
        let args = own + writing.service.args
        if !args.isEmpty { draft[option: "args"] = writing.options(args) }
      },
      read: { reading, service in
        guard reading.driver.runsImages else { return }
        service.args = reading.live(reading.stated.args, reading.option("args"))
      }),
  ]

  // MARK: How it is run

  static let process: [TaskRow] = [
    .enforced(
      "platform", "constraints of the task: `${attr.kernel.name}` and `${attr.cpu.arch}`",
      write: { writing, draft in
        guard let platform = writing.service.platform else { return }
        let parts = platform.split(separator: "/").map(String.init)
        if parts.count > 2 {
          draft.refuse(
            "the platform `\(platform)` of service `\(writing.service.name)` names a variant of a processor, which nodes do not tell",
            help: "write `\(parts[0])/\(parts[1])`")
        }
        draft.task["Constraints"] = .array(
          zip(platformAttributes, parts).map { attribute, value in
            ["LTarget": .string(attribute), "RTarget": .string(value), "Operand": "="]
          })
      },
      read: { reading, service in
        guard reading.stated.platform != nil else { return }
        let constraints = reading.task["Constraints"]?.array ?? []
        let parts = platformAttributes.compactMap { attribute in
          constraints.first { $0["LTarget"]?.string == attribute }?["RTarget"]?.string
        }
        if !parts.isEmpty { service.platform = parts.joined(separator: "/") }
      }),
    .text("runtime", "`runtime`", \.runtime, docker: "runtime", podman: nil),
    .enforced(
      "workingDir", "`work_dir`; without it, the image's own",
      write: { writing, draft in
        guard let folder = writing.service.workingDir else { return }
        draft[option: writing.driver.workingDir] = writing.option(folder)
      },
      read: { reading, service in
        guard reading.stated.workingDir != nil else { return }
        service.workingDir = reading.live(
          reading.stated.workingDir, reading.option(reading.driver.workingDir))
      }),
    .enforced(
      "user", "`User` of the task, of `raw_exec` by name; without it, the image's own, or the client's",
      write: { writing, draft in
        guard let user = writing.service.user else { return }
        if writing.driver == .rawExec, NumericOwner(user) != nil || user.contains(":") {
          draft.refuse(
            "service `\(writing.service.name)` runs as `\(user)`, and the driver raw_exec takes users by the names that nodes have for them",
            help: "write the name of a user of the nodes, without a group")
        }
        draft.task["User"] = .string(user)
      },
      read: { reading, service in
        let user = reading.task["User"]?.string ?? ""
        if reading.stated.user != nil, !user.isEmpty { service.user = user }
      }),
    .option(
      "groups", "`group_add`", \.groups, docker: "group_add", podman: nil,
      write: { groups, _ in groups.isUnset ? nil : .texts(groups.elements) },
      read: { live, _, _ in StringSet(live.list ?? []) }),
    .enforced(
      "hostname", "`Hostname` of the network, which all tasks of an instance have; or `hostname`",
      write: { writing, draft in
        guard let name = writing.service.hostname else { return }
        if writing.writing.network.isShared {
          draft.set(["Network", "Hostname"], .string(name), "hostname", of: writing.service.name)
        } else {
          draft[option: "hostname"] = writing.option(name)
        }
      },
      read: { reading, service in
        guard reading.stated.hostname != nil else { return }
        let name =
          reading.job.writing.network.isShared
          ? reading.job.network?["Hostname"]?.string : reading.option("hostname")?.string
        if let name, !name.isEmpty { service.hostname = name }
      }),
    .enforced(
      "stopSignal", "`KillSignal`; without it, `SIGTERM`, or what the image says", cost: .inPlace,
      write: { writing, draft in
        // Nomad itself asks processes with `SIGINT`, and containers with what their image says.
        let usual = writing.driver.runsImages ? nil : "SIGTERM"
        if let signal = writing.service.stopSignal ?? usual { draft.task["KillSignal"] = .string(signal) }
      },
      read: { reading, service in
        let signal = reading.task["KillSignal"]?.string ?? ""
        if reading.stated.stopSignal != nil, !signal.isEmpty { service.stopSignal = signal }
      }),
    .flag("init", "`init`", \.`init`, docker: "init", podman: "init"),
    .flag("tty", "`tty`", \.tty, docker: "tty", podman: "tty"),
    .flag("stdin", "`interactive`", \.stdin, docker: "interactive", podman: nil),
    .enforced(
      "logging.driver",
      "`logging`: `type`; Nomad reads what the engine's usual driver keeps, and `berth logs` with it",
      write: { writing, draft in
        guard let driver = writing.service.logging.driver else { return }
        let key = writing.driver == .docker ? "type" : "driver"
        draft.task[["Config", "logging", key]] = .string(driver)
      },
      read: { reading, service in
        let key = reading.driver == .docker ? "type" : "driver"
        if let driver = reading.option("logging")?[key]?.string { service.logging.driver = driver }
      }),
    .enforced(
      "logging.options", "`logging`: `config`",
      write: { writing, draft in
        let options = writing.service.logging.options
        guard !options.isUnset else { return }
        let map = JSON.object(
          options.entries.map { JSON.Member($0.key, .string(SpecText.escapeOption($0.value))) })
        if writing.driver == .docker {
          draft.task[["Config", "logging", "config"]] = [map]
        } else {
          draft.task[["Config", "logging", "options"]] = [map]
        }
      },
      read: { reading, service in
        let key = reading.driver == .docker ? "config" : "options"
        let live = reading.option("logging")?[key]?.optionMap ?? [:]
        guard !live.isEmpty else { return }
        service.logging.options = StringMap(
          live.map { (key: $0.key, value: SpecText.unescapeOption($0.value)) })
      }),
  ]

  private static let platformAttributes = ["${attr.kernel.name}", "${attr.cpu.arch}"]
}

extension JobDraft {
  /// Refuses texts that a driver's option can't tell: those with the address of another workload in them.
  fileprivate mutating func refuseUntold(_ texts: [String], _ what: String, _ writing: TaskWriting) {
    guard let text = texts.first(where: { writing.text($0).option == nil }) else { return }
    refuse(
      "\(what) of service `\(writing.service.name)` have the address of another workload in them: `\(text)`; Nomad tells it to variables and files alone",
      help: "put it into a variable under `env`, and let the program read that")
  }
}

extension NomadDriver {
  /// What a driver calls the folder in which a program starts.
  fileprivate var workingDir: String { self == .podman ? "working_dir" : "work_dir" }
}

extension TaskReading {
  /// The program of a process, and its arguments, as they were stated, if they are what was stated.
  fileprivate var program: (command: [String], args: [String]) {
    let live = [option("command")?.string].compactMap(\.self) + (option("args")?.list ?? [])
    if .texts(live) == writing.options(stated.command + stated.args) { return (stated.command, stated.args) }
    let texts = live.map(SpecText.unescapeOption)
    let count = min(stated.command.count, texts.count)
    return (Array(texts.prefix(count)), Array(texts.dropFirst(count)))
  }
}
