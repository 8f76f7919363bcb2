import Diagnostics
import WorkloadSpec

extension ServiceImport {
  /// How the service is deployed.
  mutating func readDeploy(_ node: ComposeNode) {
    guard node.entries != nil else {
      return invalid("`deploy` takes a mapping, not \(node.phrase)", at: node.location, help: "see its keys")
    }
    reportUnread(
      of: node, in: "deploy",
      read: [
        "replicas", "resources", "restart_policy", "update_config", "mode", "rollback_config", "placement",
        "endpoint_mode", "labels",
      ])
    reportForSwarm(node, in: "deploy", ["placement", "endpoint_mode", "labels", "rollback_config"])
    if let mode = node["mode"], let text = filled(mode, for: "mode"), text != "replicated" {
      differs(
        "`mode: \(text)` is for swarms", at: mode.location,
        help: "state the number of instances as `replicas`")
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

  /// What `docker compose` leaves to swarms, which are no target.
  private mutating func reportForSwarm(_ node: ComposeNode, in place: String, _ keys: [String]) {
    for entry in node.entries ?? [] where keys.contains(entry.key) {
      guard !entry.value.isNull, !ComposeAmount.isZero(entry.value.text?.resolved ?? "") else { continue }
      differs(
        "`\(entry.key)` in `\(place)` of `\(draft.composeName)` is for swarms, and left out",
        at: entry.location,
        help: "`docker compose` does without it, too")
    }
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
        of: limits, in: "limits", read: ["cpus", "memory", "pids"])
      if let pids = limits["pids"], !pids.isNull { readProcessLimit(pids, for: "pids") }
      if let cpus = limits["cpus"] { readProcessors(cpus, for: "cpus") }
      if let memory = limits["memory"], let bytes = bytes(memory, for: "memory") {
        draft.resources.memory = bytes
      }
    }
    guard let reservations = node["reservations"] else { return }
    reportUnread(
      of: reservations, in: "reservations", read: ["devices", "cpus", "memory"],
      lost: ["generic_resources": "only graphics processors can be given: `resources: {gpu: 1}`"])
    if let cpus = reservations["cpus"], !cpus.isNull, let amount = processors(cpus, for: "cpus") {
      draft.resources.reservations.cpu = amount
    }
    if let memory = reservations["memory"], !memory.isNull, let bytes = bytes(memory, for: "memory") {
      draft.resources.reservations.memory = bytes
    }
    for device in reservations["devices"]?.elements ?? [] { readDevice(device) }
  }

  /// A limit of processor time.
  mutating func readProcessors(_ node: ComposeNode, for key: String) {
    if let amount = processors(node, for: key) { draft.resources.cpu = amount }
  }

  /// An amount of processor time; `nil` for none, which 0 means.
  private mutating func processors(_ node: ComposeNode, for key: String) -> CPUQuantity? {
    guard let text = filled(node, for: key) else { return nil }
    guard let amount = ComposeAmount.processors(text) else {
      invalid("`\(text)` is not a number of processors", at: node.location, help: "write `0.5` or `2`")
      return nil
    }
    return amount > 0 ? CPUQuantity(millicores: amount) : nil
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
      // Compose takes what is no number for no limit.
      if parts.count > 1 { limitRestarts(to: Int(parts[1]) ?? 0, at: node.location) }
    default:
      invalid(
        "`restart` can't be `\(text)`", at: node.location,
        help: "it is `no`, `always`, `on-failure` or `unless-stopped`")
    }
  }

  /// The most that a spec takes.
  private static let mostRestarts = 1_000_000

  private mutating func limitRestarts(to count: Int, at location: SourceLocation) {
    guard count > 0 else { return }
    draft.maxRestarts = min(count, Self.mostRestarts)
    guard count > Self.mostRestarts else { return }
    differs(
      "`\(draft.composeName)` is started again \(count) times, and will be \(Self.mostRestarts) times",
      at: location, help: "leave the number out for no limit")
  }

  private mutating func reportEndlessRestarts(_ count: Int, at location: SourceLocation) {
    differs(
      "`\(draft.composeName)` is started again \(count) times only, and will be without end",
      at: location, help: "`berth suspend` keeps a workload from it")
  }

  private mutating func readRestartPolicy(_ node: ComposeNode) {
    reportUnread(
      of: node, in: "restart_policy", read: ["condition", "delay", "window", "max_attempts"])
    for key in ["delay", "window"] {
      if let length = node[key], !length.isNull { _ = duration(length, for: key) }
    }
    reportForSwarm(node, in: "restart_policy", ["delay", "window"])
    let attempts = node["max_attempts"].flatMap { $0.isNull ? nil : integer($0, for: "max_attempts") } ?? 0
    let place = node["max_attempts"]?.location ?? node.location
    switch node["condition"].flatMap({ filled($0, for: "condition") }) ?? "any" {
    case "none", "no": draft.restart = .never
    case "on-failure":
      draft.restart = .onFailure
      limitRestarts(to: attempts, at: place)
    // Compose hands on what it does not know, and engines know these.
    case "any", "", "always", "unless-stopped":
      draft.restart = .always
      if attempts > 0 { reportEndlessRestarts(attempts, at: place) }
    case let other:
      invalid(
        "`condition` can't be `\(other)`", at: node["condition"]?.location ?? node.location,
        help: "it is `none`, `on-failure` or `any`")
    }
  }

  private mutating func readStrategy(_ node: ComposeNode) {
    reportUnread(
      of: node, in: "update_config",
      read: ["parallelism", "order", "delay", "monitor", "max_failure_ratio", "failure_action"])
    for key in ["delay", "monitor"] {
      if let length = node[key], !length.isNull { _ = duration(length, for: key) }
    }
    reportForSwarm(node, in: "update_config", ["delay", "monitor", "max_failure_ratio", "failure_action"])
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
    // What is built is told where that is written.
    case "build": break
    case "refresh", "daily", "weekly",
      _ where text.hasPrefix("every_"):
      draft.pullPolicy = .always
      differs(
        "`pull_policy: \(text)` of `\(draft.composeName)` becomes `always`: each create asks the registry",
        at: node.location, help: "write `pullPolicy: missing` if it may be older")
    default:
      invalid(
        "`pull_policy` can't be `\(text)`", at: node.location,
        help: "it is `always`, `missing`, `never`, `build`, `daily`, `weekly` or `every_…`")
    }
  }

  /// Labels and annotations, which are notes for people and tools. A spec has one place for both: of one name, the
  /// annotation is taken.
  mutating func readLabels(_ node: ComposeNode, for key: String) {
    addLabels(ComposeMerge.assignments(node).entries ?? [], for: key)
  }

  /// Adds labels that are not there yet, and annotations over them.
  mutating func addLabels(_ entries: [ComposeEntry], for key: String) {
    var places: [String: Int] = [:]
    for (place, note) in draft.annotations.enumerated() { places[note.name] = place }
    for entry in entries {
      let text = entry.value.isNull ? ComposeText("") : text(entry.value, for: key) ?? ComposeText("")
      let note = EnvironmentDraft(name: entry.key, text: text, location: entry.location)
      guard let place = places[entry.key] else {
        places[entry.key] = draft.annotations.count
        draft.annotations.append(note)
        continue
      }
      let other = draft.annotations[place]
      guard key != "label_file" else { continue }
      if key == "annotations" { draft.annotations[place] = note }
      if other.text != text {
        lost(
          "the label `\(entry.key)`", at: key == "annotations" ? other.location : entry.location,
          help: "a label and an annotation of one name become one of `annotations`: give them the same value")
      }
    }
  }
}
