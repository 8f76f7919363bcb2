import Diagnostics
import SpecImport
import Values
import WorkloadSpec

/// The containers of a pod: what each runs, and which of them does the work.
extension WorkloadImport {
  mutating func readContainers() {
    let initial = pod.list("initContainers")
    let all = initial + pod.list("containers")
    let names = LabelNames(all.enumerated().map { $1["name"]?.scalar ?? "container-\($0)" })
    var taken: Set<String> = []
    for (index, node) in all.enumerated() where node.kind == .mapping {
      guard let name = node["name"]?.scalar, !name.isEmpty, taken.insert(name).inserted else {
        invalid(
          "a container of `\(object.name)` needs a name of its own", at: node.location,
          help: "write `name: …`")
        continue
      }
      let isNative = index < initial.count && node["restartPolicy"]?.scalar == "Always"
      var draft = ContainerDraft(
        node: node, part: index >= initial.count ? .regular : isNative ? .native : .initial)
      draft.service.name = names[name] ?? name
      reportRenaming(of: name, to: draft.service.name, at: draft.location)
      if let policy = node["restartPolicy"], policy.scalar != nil, !isNative {
        lost(
          "`restartPolicy` of \(draft.phrase)", at: policy.location,
          help: "`restart` is that of all services of the pod")
      }
      readProgram(&draft)
      drafts.append(draft)
    }
    drafts.sort { Self.order($0.part) < Self.order($1.part) }
  }

  private static func order(_ part: ContainerDraft.Part) -> Int {
    switch part {
    case .initial: 0
    case .native: 1
    case .regular: 2
    }
  }

  mutating func reportRenaming(of name: String, to label: String, at location: SourceLocation) {
    guard name != label else { return }
    diagnostics.report(
      .serviceRenamed, "`\(name)` becomes `\(label)`", at: location,
      help: "a name has at most 63 lower-case letters, digits and `-`")
  }

  /// Image, command, environment and what it may use.
  private mutating func readProgram(_ draft: inout ContainerDraft) {
    let node = draft.node
    if let image = node.stated("image")?.scalar, !image.isEmpty {
      draft.service.image = literal(image)
      readPullPolicy(image, &draft)
    } else {
      invalid("\(draft.phrase) has no image", at: draft.location, help: "write `image: …`")
    }
    readResources(&draft)
    readEnvironment(&draft)
    draft.service.command = words("command", of: draft)
    draft.service.args = words("args", of: draft)
    if let folder = node.stated("workingDir")?.scalar, !folder.isEmpty {
      draft.service.workingDir = literal(folder)
    }
    draft.service.stdin = flag(node["stdin"], "`stdin`")
    draft.service.tty = flag(node["tty"], "`tty`")
    if let signal = node["lifecycle"]?.stated("stopSignal"), let name = signal.scalar {
      draft.service.stopSignal = SignalName(name)?.name
      if draft.service.stopSignal == nil {
        invalid("there is no signal `\(name)`", at: signal.location, help: "write it as `SIGTERM`")
      }
    }
    // A pod has one grace period for all that is in it.
    if draft.part != .initial || staysOnKubernetes { readStop(&draft) }
    readSecurity(&draft)
  }

  private mutating func readStop(_ draft: inout ContainerDraft) {
    let node = pod.stated("terminationGracePeriodSeconds")
    draft.service.stopGrace = .seconds(Int64(max(0, integer(node, "`terminationGracePeriodSeconds`") ?? 30)))
    switch pod["restartPolicy"]?.scalar ?? "Always" {
    case "OnFailure" where draft.part == .regular: draft.service.restart = .onFailure
    case "Never" where draft.part == .regular: draft.service.restart = .never
    default: break
    }
  }

  private mutating func readPullPolicy(_ image: String, _ draft: inout ContainerDraft) {
    let isFloating = ImageReference(image)?.isFloating ?? false
    switch draft.node.stated("imagePullPolicy")?.scalar {
    case "Always": draft.service.pullPolicy = .always
    case "Never": draft.service.pullPolicy = .never
    // Kubernetes pulls what can mean another image tomorrow each time.
    case nil, "": draft.service.pullPolicy = isFloating ? .always : .missing
    case "IfNotPresent": draft.service.pullPolicy = .missing
    case let other?:
      invalid(
        "`\(other)` is no `imagePullPolicy`", at: draft.location,
        help: "write `Always`, `IfNotPresent` or `Never`")
    }
  }

  /// The words of a command, with its variables filled in.
  private mutating func words(_ key: String, of draft: ContainerDraft) -> [String] {
    draft.node.list(key).compactMap { node in
      guard let text = node.kind == .scalar ? node.text : nil else { return nil }
      let filled = VariableExpansion(text, draft.variables, takesSecrets: false)
      for name in filled.open {
        lost(
          "`$(\(name))` in the `\(key)` of \(draft.phrase)", at: node.location,
          help: "let a shell fill it in where it runs: `[/bin/sh, -c, 'exec program \"$\(name)\"']`")
      }
      return filled.text
    }
  }

  // MARK: Roles

  /// The container that does the work: the chosen one, the one that `kubectl` takes, the one called like the workload,
  /// the one that a Service leads to, or the first.
  mutating func chooseMain() {
    let regular = drafts.indices.filter { drafts[$0].part == .regular }
    guard let first = regular.first else { return }
    let names = options.mains.compactMap { main -> String? in
      let parts = main.split(separator: "/", maxSplits: 1).map(String.init)
      if parts.count == 1 { return main }
      return parts[0] == workload.name || parts[0] == object.name ? parts[1] : nil
    }
    func container(_ names: [String]) -> Int? {
      regular.first { index in
        names.contains(drafts[index].service.name)
          || names.contains(drafts[index].node["name"]?.scalar ?? "")
      }
    }
    let marked = [template, object.node].compactMap {
      $0["metadata"]?["annotations"]?.stated("kubectl.kubernetes.io/default-container")?.scalar
    }
    main =
      container(names) ?? container(marked) ?? container([object.name]) ?? reachedContainer(regular) ?? first
    guard regular.count > 1 else { return }
    let others = regular.filter { $0 != main }.map { drafts[$0].phrase }.joined(separator: ", ")
    diagnostics.report(
      .workloadBoundary,
      "\(drafts[main].phrase) is the main service of `\(workload.name)`; \(others) \(regular.count == 2 ? "starts" : "start") when it is ready",
      at: drafts[main].location,
      help:
        "`--main \(workload.name)/NAME` chooses another; what it needs in order to be ready goes into its `dependsOn`"
    )
  }

  private func reachedContainer(_ regular: [Int]) -> Int? {
    let targets = selectingServices.flatMap { $0.spec?.list("ports") ?? [] }
      .compactMap { ($0.stated("targetPort") ?? $0.stated("port"))?.scalar }
    return regular.first { index in
      drafts[index].node.list("ports").contains { port in
        targets.contains(port["name"]?.scalar ?? "-")
          || targets.contains(port["containerPort"]?.scalar ?? "-")
      }
    }
  }

  /// Roles and what waits for what.
  mutating func arrange() {
    var earlier: (initial: String?, native: String?)
    for index in drafts.indices {
      let name = drafts[index].service.name
      switch drafts[index].part {
      case .initial:
        drafts[index].service.role = .`init`
        if let before = earlier.initial { drafts[index].service.dependsOn = [before] }
        earlier.initial = name
      case .native:
        drafts[index].service.role = .sidecar
        if let before = earlier.native { drafts[index].service.dependsOn = [before] }
        earlier.native = name
      case .regular: drafts[index].service.role = index == main ? .main : .sidecar
      }
    }
    if let last = earlier.native { drafts[main].service.dependsOn = [last] }
    drafts[main].service.annotations = annotations()
    reportInitsBehindSidecars()
    // The one that does the work stands in front of those beside it.
    let chosen = drafts.remove(at: main)
    main = drafts.firstIndex { $0.part == .regular } ?? drafts.endIndex
    drafts.insert(chosen, at: main)
  }

  /// In Kubernetes an init that stands behind such a sidecar finds it running.
  private mutating func reportInitsBehindSidecars() {
    var sidecar: String?
    for node in pod.list("initContainers") {
      guard let name = node["name"]?.scalar else { continue }
      if node["restartPolicy"]?.scalar == "Always" {
        sidecar = name
      } else if let sidecar {
        differs(
          "the init `\(name)` runs before `\(sidecar)` starts, which in Kubernetes runs by then",
          at: (node["name"] ?? node).location, help: "let the main program do what needs `\(sidecar)`")
      }
    }
  }

  /// Containers of a pod find each other at `localhost`; services have names.
  mutating func reportSharedLoopback() {
    guard drafts.count(where: { $0.part != .initial }) > 1, !usesHostNetwork, !staysOnKubernetes else {
      return
    }
    for draft in drafts where draft.part != .initial {
      let names = HostNames(["localhost", "127.0.0.1"])
      var isNamed = !names.inCommand(draft.service.command + draft.service.args).isEmpty
      for entry in draft.service.env.entries {
        isNamed = isNamed || !names.inVariable(entry.key, value: entry.value).isEmpty
      }
      isNamed = isNamed || draft.service.configFiles.contains { !names.inText($0.content).isEmpty }
      guard isNamed else { continue }
      let others = drafts.filter { $0.part != .initial && $0.service.name != draft.service.name }.map(
        \.phrase)
      differs(
        "\(draft.phrase) looks for another container at `localhost`, and on Docker each service has a loopback of its own",
        at: draft.location, help: "let it look for the service by its name: \(others.joined(separator: ", "))"
      )
    }
  }
}
