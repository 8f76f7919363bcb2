import WorkloadSpec

extension ServiceImport {
  /// How the service is deployed.
  mutating func readDeploy(_ node: ComposeNode) {
    guard node.entries != nil else {
      return invalid("`deploy` takes a mapping, not \(node.phrase)", at: node.location, help: "see its keys")
    }
    reportUnread(
      of: node, in: "deploy",
      read: ["replicas", "resources", "restart_policy", "update_config", "mode"],
      lost: [
        "rollback_config": "`berth rollback` goes by the workload's `strategy`",
        "placement": "a target is one engine; choose another by `-t`",
        "endpoint_mode": "services of an instance find each other by name",
        "labels": "write them as `annotations` or as `labels` of the workload",
      ])
    if let mode = node["mode"], let text = filled(mode, for: "mode"), text != "replicated" {
      lost("`mode: \(text)`", at: mode.location, help: "state the number of instances as `replicas`")
    }
    if let replicas = node["replicas"], self.node["scale"]?.isNull ?? true {
      readReplicas(replicas, for: "replicas")
    }
    for key in ["delay", "monitor"] {
      if let length = node["rollback_config"]?[key], !length.isNull { _ = duration(length, for: key) }
    }
    if let resources = node["resources"] { readResources(resources) }
    if let policy = node["restart_policy"] { readRestartPolicy(policy) }
    if let config = node["update_config"] { readStrategy(config) }
  }

  /// How many containers there are.
  mutating func readReplicas(_ node: ComposeNode, for key: String) {
    guard let count = integer(node, for: key) else { return }
    guard (0...10_000).contains(count) else {
      return invalid("\(count) is out of range", at: node.location, help: "write a number from 0 to 10000")
    }
    draft.replicas = ReplicasDraft(count: count, location: node.location)
  }

  private mutating func readResources(_ node: ComposeNode) {
    reportUnread(of: node, in: "resources", read: ["limits", "reservations"])
    if let limits = node["limits"] {
      reportUnread(
        of: limits, in: "limits", read: ["cpus", "memory"],
        lost: ["pids": "`resources` has limits of `cpu`, `memory`, `disk` and `gpu`"], numbers: ["pids"])
      if let cpus = limits["cpus"] { readProcessors(cpus, for: "cpus") }
      if let memory = limits["memory"], let bytes = bytes(memory, for: "memory") {
        draft.resources.memory = bytes
      }
    }
    guard let reservations = node["reservations"] else { return }
    reportUnread(
      of: reservations, in: "reservations", read: ["devices"],
      lost: [
        "cpus": "`resources` limits what a service may use; nothing is set aside for it",
        "memory": "`resources` limits what a service may use; nothing is set aside for it",
        "generic_resources": "only graphics processors can be given: `resources: {gpu: 1}`",
      ], numbers: ["cpus", "memory"])
    for device in reservations["devices"]?.elements ?? [] { readDevice(device) }
  }

  /// A limit of processor time.
  mutating func readProcessors(_ node: ComposeNode, for key: String) {
    guard let text = filled(node, for: key) else { return }
    guard let amount = ComposeAmount.processors(text) else {
      return invalid("`\(text)` is not a number of processors", at: node.location, help: "write `0.5` or `2`")
    }
    if amount > 0 { draft.resources.cpu = CPUQuantity(millicores: amount) }
  }

  /// Graphics processors in the short form.
  mutating func readGraphics(_ entry: ComposeEntry) {
    guard let text = entry.value.text else {
      for device in entry.value.elements ?? [] { readDevice(device) }
      return
    }
    addGraphics(count: text.resolved, at: entry.value.location)
  }

  private mutating func readDevice(_ node: ComposeNode) {
    let capabilities = (node["capabilities"]?.elements ?? []).compactMap { $0.text?.resolved }
    let isGraphics = capabilities.isEmpty || capabilities.contains("gpu")
    guard isGraphics else {
      return lost(
        "a reserved device", at: node.location, help: "`resources: {gpu: 1}` is all that can be given")
    }
    if let identifiers = node["device_ids"] {
      differs(
        "the graphics processors are chosen by the engine, not by their names", at: identifiers.location,
        help: "choose them on the engine")
      addGraphics(count: String(identifiers.elements?.count ?? 1), at: identifiers.location)
    } else {
      addGraphics(
        count: node["count"]?.text?.resolved ?? "all", at: node["count"]?.location ?? node.location)
    }
  }

  private mutating func addGraphics(count: String, at location: SourceLocation) {
    guard count == "all" || count == "-1" else {
      guard let number = Int(count), (0...64).contains(number) else {
        return invalid(
          "`\(count)` is not a number of graphics processors", at: location, help: "write a number, or `all`")
      }
      if number > 0 { draft.resources.gpu = number }
      return
    }
    draft.resources.gpu = 1
    differs(
      "all graphics processors of the machine becomes one of them", at: location,
      help: "write their number as `gpu`")
  }

  // MARK: Restarts and updates

  /// What happens when the process ends.
  mutating func readRestart(_ node: ComposeNode) {
    // What `deploy` says of it wins.
    guard let text = filled(node, for: "restart"), self.node["deploy"]?["restart_policy"] == nil else {
      return
    }
    let parts = text.split(separator: ":", maxSplits: 1)
    switch parts.first.map(String.init) ?? "" {
    case "no", "false": draft.restart = .never
    case "always", "unless-stopped": draft.restart = .always
    case "on-failure":
      draft.restart = .onFailure
      if parts.count > 1 {
        differs(
          "`\(draft.composeName)` is started again \(parts[1]) times only, and will be without end",
          at: node.location, help: "`berth suspend` keeps a workload from it")
      }
    default:
      invalid(
        "`restart` can't be `\(text)`", at: node.location,
        help: "it is `no`, `always`, `on-failure` or `unless-stopped`")
    }
  }

  private mutating func readRestartPolicy(_ node: ComposeNode) {
    reportUnread(
      of: node, in: "restart_policy", read: ["condition"],
      lost: [
        "delay": "berth waits longer each time", "max_attempts": "berth does not give up",
        "window": "berth decides when a service counts as started",
      ], durations: ["delay", "window"], numbers: ["max_attempts"])
    switch node["condition"].flatMap({ filled($0, for: "condition") }) ?? "any" {
    case "none": draft.restart = .never
    case "on-failure": draft.restart = .onFailure
    case "any": draft.restart = .always
    case let other:
      invalid(
        "`condition` can't be `\(other)`", at: node["condition"]?.location ?? node.location,
        help: "it is `none`, `on-failure` or `any`")
    }
  }

  private mutating func readStrategy(_ node: ComposeNode) {
    let gate = "a new instance must be ready before the next one is changed"
    reportUnread(
      of: node, in: "update_config", read: ["parallelism", "order"],
      lost: [
        "delay": gate, "monitor": gate, "max_failure_ratio": gate,
        "failure_action": "a failed apply stops; `berth apply --atomic` goes back by itself",
      ], durations: ["delay", "monitor"], numbers: ["max_failure_ratio"])
    let parallelism = node["parallelism"].flatMap { integer($0, for: "parallelism") } ?? 1
    guard (0...10_000).contains(parallelism) else {
      return invalid(
        "\(parallelism) is out of range", at: node.location, help: "write a number from 0 to 10000")
    }
    let startsFirst = node["order"].flatMap { filled($0, for: "order") } == "start-first"
    var strategy = Strategy()
    if parallelism == 0 {
      strategy.type = startsFirst ? .blueGreen : .recreate
    } else {
      strategy.maxSurge = startsFirst ? parallelism : 0
      strategy.maxUnavailable = startsFirst ? 0 : parallelism
    }
    draft.strategy = StrategyDraft(strategy: strategy, location: node.location)
  }

  /// When the image is pulled.
  mutating func readPullPolicy(_ node: ComposeNode) {
    guard let text = filled(node, for: "pull_policy") else { return }
    switch text {
    case "always", "newer": draft.pullPolicy = .always
    case "never": draft.pullPolicy = .never
    case "missing", "if_not_present": draft.pullPolicy = .missing
    default:
      lost(
        "`pull_policy: \(text)`", at: node.location, help: "`pullPolicy` is `always`, `missing` or `never`")
    }
  }

  /// Labels and annotations, which are notes for people and tools. A spec has one place for both: of one name, the
  /// annotation is taken.
  mutating func readLabels(_ node: ComposeNode, for key: String) {
    var places: [String: Int] = [:]
    for (place, note) in draft.annotations.enumerated() { places[note.name] = place }
    for entry in ComposeMerge.assignments(node).entries ?? [] {
      let text = entry.value.isNull ? ComposeText("") : text(entry.value, for: key) ?? ComposeText("")
      let note = EnvironmentDraft(name: entry.key, text: text, location: entry.location)
      guard let place = places[entry.key] else {
        places[entry.key] = draft.annotations.count
        draft.annotations.append(note)
        continue
      }
      let other = draft.annotations[place]
      if key == "annotations" { draft.annotations[place] = note }
      if other.text != text {
        lost(
          "the label `\(entry.key)`", at: key == "annotations" ? other.location : entry.location,
          help: "a label and an annotation of one name become one of `annotations`: give them the same value")
      }
    }
  }
}
