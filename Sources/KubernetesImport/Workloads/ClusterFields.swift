import Diagnostics
import Values
import WorkloadSpec
import YAMLNodes

/// What only Kubernetes has a word for: of specs that stay there, it stands under `on.kubernetes`.
extension WorkloadImport {
  /// The name that the block has under `on`.
  private static let engine = "kubernetes"

  /// Reads what stands in a pod, its Services and its budget beside what every engine has.
  mutating func readClusterFields() {
    var own: [Value.Member] = []
    own += account() + placement() + budget() + reach()
    if let group = pod["securityContext"]?.stated("fsGroup"), let id = integer(group, "`fsGroup`") {
      own.append(.init("fsGroup", .int(Int64(id))))
    }
    if let policy = pod.stated("dnsPolicy")?.scalar, policy != "ClusterFirst", !isPolicyOfHost(policy) {
      own.append(.init("dnsPolicy", .string(literal(policy))))
    }
    if let count = integer(object.spec?.stated("revisionHistoryLimit"), "`revisionHistoryLimit`"), count != 10
    {
      own.append(.init("revisionHistory", .int(Int64(count))))
    }
    workload.on[Self.engine] = .map(own)
    for index in drafts.indices { readClusterFields(of: index) }
  }

  /// In the network of the node, berth's pods have this policy by themselves.
  private func isPolicyOfHost(_ policy: String) -> Bool {
    usesHostNetwork && policy == "ClusterFirstWithHostNet"
  }

  private func account() -> [Value.Member] {
    guard let name = pod.stated("serviceAccountName")?.scalar, !["", "default"].contains(name) else {
      return []
    }
    return [.init("serviceAccount", .string(literal(name)))]
  }

  // MARK: Nodes

  private mutating func placement() -> [Value.Member] {
    var own: [Value.Member] = []
    let labels = pod.map("nodeSelector").filter { !NodeLabel.ofPlatform.contains($0.key) }
    if !labels.isEmpty {
      own.append(
        .init(
          "nodeSelector",
          .map(labels.map { .init($0.key, .string(literal($0.value.scalar ?? ""))) })))
    }
    let taints = pod.list("tolerations").filter { !isServersOwn($0) }
    if !taints.isEmpty { own.append(.init("tolerations", .list(taints.map(toleration)))) }
    if let affinity = pod.stated("affinity"), !affinity.isEmpty {
      own.append(.init("affinity", literal(Value(affinity))))
    }
    let spreads = pod.list("topologySpreadConstraints").compactMap { spread($0) }
    if !spreads.isEmpty { own.append(.init("topologySpread", .list(spreads))) }
    if let name = pod.stated("priorityClassName")?.scalar, !name.isEmpty {
      own.append(.init("priorityClass", .string(literal(name))))
    }
    return own
  }

  /// The server gives two to every pod.
  private func isServersOwn(_ toleration: Node) -> Bool {
    controller == .pod && toleration["tolerationSeconds"]?.scalar == "300"
      && (toleration["key"]?.scalar ?? "").hasPrefix("node.kubernetes.io/")
  }

  private func toleration(_ node: Node) -> Value {
    var taint: [Value.Member] = []
    if let key = node.stated("key")?.scalar, !key.isEmpty {
      taint.append(.init("key", .string(literal(key))))
    }
    if node["operator"]?.scalar != "Exists" {
      taint.append(.init("value", .string(literal(node.stated("value")?.scalar ?? ""))))
    }
    if let effect = node.stated("effect")?.scalar, !effect.isEmpty {
      taint.append(.init("effect", .string(effect)))
    }
    if let seconds = node.stated("tolerationSeconds") { taint.append(.init("seconds", Value(seconds))) }
    return .map(taint)
  }

  /// A spread counts the workload's own pods.
  private mutating func spread(_ node: Node) -> Value? {
    let known = ["topologyKey", "maxSkew", "whenUnsatisfiable", "labelSelector"]
    guard let key = node.stated("topologyKey")?.scalar else { return nil }
    if let (other, _) = node.members.first(where: { !known.contains($0.key.text) && !$0.value.isNull }) {
      lost(
        "`\(other.text)` of the spread over `\(key)` of `\(object.name)`", at: other.location,
        help: "a spread has a `topologyKey`, a `maxSkew`, and what becomes of a pod without a place")
    }
    var spread: [Value.Member] = [.init("topologyKey", .string(literal(key)))]
    if let skew = node.stated("maxSkew") { spread.append(.init("maxSkew", Value(skew))) }
    if let otherwise = node.stated("whenUnsatisfiable")?.scalar {
      spread.append(.init("otherwise", .string(otherwise)))
    }
    return .map(spread)
  }

  private mutating func budget() -> [Value.Member] {
    guard let budget = set.budget(of: object, labels), let spec = budget.spec else { return [] }
    for (key, value) in spec.members
    where !["selector", "minAvailable", "maxUnavailable"].contains(key.text) && !value.isNull {
      lost(
        "`\(key.text)` of \(budget.phrase)", at: key.location,
        help: "a budget says how many pods may be away, or must stay")
    }
    let members = ["minAvailable", "maxUnavailable"].compactMap { key in
      spec.stated(key)?.scalar.map { Value.Member(key, .string($0)) }
    }
    return members.isEmpty ? [] : [.init("budget", .map(members))]
  }

  // MARK: The Service

  /// The Service that becomes the workload's own: the one of its name, or the only one. Those without an address give names
  /// to single pods.
  private var ownService: ManifestObject? {
    let reaching = selectingServices.filter { $0.spec?["clusterIP"]?.scalar != "None" }
    return reaching.first { $0.name == object.name } ?? (reaching.count == 1 ? reaching[0] : nil)
  }

  private mutating func reach() -> [Value.Member] {
    guard let service = ownService else { return [] }
    var own: [Value.Member] = []
    let type = service.spec?.stated("type")?.scalar ?? "ClusterIP"
    if ["NodePort", "LoadBalancer"].contains(type) {
      own.append(.init("serviceType", .string(type)))
      if service.spec?["externalTrafficPolicy"]?.scalar == "Local" {
        own.append(.init("externalTraffic", "Local"))
      }
      let ranges = service.spec?.texts("loadBalancerSourceRanges") ?? []
      if type == "LoadBalancer", !ranges.isEmpty {
        own.append(.init("sourceRanges", .list(ranges.map { .string(literal($0)) })))
      }
    }
    let annotations = (service.node["metadata"]?.map("annotations") ?? []).filter {
      !Self.isOfServer(annotation: $0.key)
    }
    if !annotations.isEmpty {
      own.append(
        .init(
          "serviceAnnotations",
          .map(annotations.map { .init($0.key, .string(literal($0.value.scalar ?? ""))) })))
    }
    for port in reached where port.service.number == service.number { keep(port, of: service) }
    return own
  }

  /// What a Service says of one of its ports, at the port that it leads to.
  private mutating func keep(_ reached: ReachedPort, of service: ManifestObject) {
    guard let node = reached.node, let index = drafts.firstIndex(where: { $0.service.name == reached.draft }),
      let position = drafts[index].service.ports.firstIndex(where: {
        $0.container == reached.target && $0.protocol == (node["protocol"]?.scalar == "UDP" ? .udp : .tcp)
      })
    else { return }
    guard drafts[index].service.ports[position].on[Self.engine] == nil else {
      return lost(
        "the second port \(reached.port) of the Service `\(service.name)` for \(reached.target)",
        at: reached.location, help: "a port has one further port of the Service: `on.kubernetes.servicePort`")
    }
    var own: [Value.Member] = []
    if reached.port != reached.target { own.append(.init("servicePort", .int(Int64(reached.port)))) }
    if service.spec?["type"]?.scalar ?? "ClusterIP" != "ClusterIP", let number = node.stated("nodePort") {
      own.append(.init("nodePort", Value(number)))
    }
    if let spoken = node.stated("appProtocol")?.scalar {
      own.append(.init("appProtocol", .string(literal(spoken))))
    }
    drafts[index].service.ports[position].on[Self.engine] = .map(own)
  }

  // MARK: Containers

  private mutating func readClusterFields(of index: Int) {
    let node = drafts[index].node
    var own: [Value.Member] = []
    if let liveness = liveness(of: index) { own.append(.init("liveness", liveness)) }
    if let command = preStop(of: index) { own.append(.init("preStop", .list(command))) }
    func stated(_ key: String) -> Node? {
      node["securityContext"]?.stated(key) ?? pod["securityContext"]?.stated(key)
    }
    if stated("runAsNonRoot")?.truth == true { own.append(.init("runAsNonRoot", .bool(true))) }
    let filter = stated("seccompProfile")
    switch filter?["type"]?.scalar {
    case "RuntimeDefault": own.append(.init("seccompProfile", "RuntimeDefault"))
    case "Localhost":
      let path = filter?["localhostProfile"]?.scalar ?? ""
      own.append(.init("seccompProfile", .string(literal("localhost/\(path)"))))
    default: break
    }
    let limits = node["resources"]?.map("limits") ?? []
    if limits.contains(where: { $0.key == "amd.com/gpu" }) {
      own.append(.init("gpuResource", "amd.com/gpu"))
    }
    let others = limits.filter { !ResourceName.ofEveryEngine.contains($0.key) }
    if !others.isEmpty {
      own.append(
        .init(
          "resources", .map(others.map { .init($0.key, .string(literal($0.value.scalar ?? ""))) })))
    }
    drafts[index].service.on[Self.engine] = .map(own)
  }

  /// A liveness probe that asks what the health check asks, at a pace of its own.
  private mutating func liveness(of index: Int) -> Value? {
    let draft = drafts[index]
    guard draft.part != .initial, let probe = draft.node.stated("livenessProbe"),
      let check = draft.service.healthCheck
    else { return nil }
    let place = (draft.node.key("livenessProbe") ?? probe).location
    guard let asked = self.check(probe, of: draft), asked == check.asking else {
      differs(
        "`livenessProbe` of \(draft.phrase) asks something else than its health check, and is left out",
        at: place, help: "`on.kubernetes.liveness` asks what `healthCheck` asks, at a pace of its own")
      return nil
    }
    func pace(_ key: String, _ standard: Int) -> Value {
      .string("\(max(1, integer(probe[key], "`\(key)`") ?? standard))s")
    }
    var liveness: [Value.Member] = [
      .init("interval", pace("periodSeconds", 10)), .init("timeout", pace("timeoutSeconds", 1)),
      .init("retries", .int(Int64(max(1, integer(probe["failureThreshold"], "`failureThreshold`") ?? 3)))),
    ]
    if let period = check.startPeriod, draft.node.stated("startupProbe") != nil {
      liveness.append(.init("startPeriod", .string("\(period.milliseconds / 1000)s")))
    }
    return .map(liveness)
  }

  private mutating func preStop(of index: Int) -> [Value]? {
    guard let hook = drafts[index].node["lifecycle"]?.stated("preStop") else { return nil }
    let command = hook["exec"]?.texts("command") ?? []
    if !command.isEmpty { return command.map { .string(literal($0)) } }
    let place = (drafts[index].node["lifecycle"]?.key("preStop") ?? hook).location
    if let seconds = hook["sleep"]?.stated("seconds")?.scalar {
      differs(
        "`preStop` of \(drafts[index].phrase) waits by the program `sleep` of its image", at: place,
        help: "leave it out where the image has none")
      return ["sleep", .string(seconds)]
    }
    lost(
      "`preStop` by HTTP of \(drafts[index].phrase)", at: place,
      help: "write the command that does it as `on.kubernetes.preStop`")
    return nil
  }

  // MARK: Volumes

  /// What a claim says of where it is kept, and of who mounts it.
  func clusterFields(ofClaim claim: Node?, _ volume: Volume) -> Value? {
    var own: [Value.Member] = []
    if let name = claim?["spec"]?.stated("storageClassName")?.scalar, !name.isEmpty {
      own.append(.init("storageClass", .string(literal(name))))
    }
    let modes = claim?["spec"]?.texts("accessModes") ?? []
    // Without a mode, berth asks for the one that `access` says.
    if let mode = modes.first, modes.count == 1,
      mode != (volume.access == .many ? "ReadWriteMany" : "ReadWriteOnce")
    {
      own.append(.init("accessMode", .string(literal(mode))))
    }
    return own.isEmpty ? nil : .map(own)
  }

  /// What a path of the node says of what must be there, and of mounts below it.
  func clusterFields(ofPath path: Node, _ mount: VolumeMount) -> Value? {
    var own: [Value.Member] = []
    if let type = path.stated("type")?.scalar, !type.isEmpty {
      own.append(.init("hostPathType", .string(literal(type))))
    }
    if let propagation = mount.node.stated("mountPropagation")?.scalar, propagation != "None" {
      own.append(.init("propagation", .string(literal(propagation))))
    }
    return own.isEmpty ? nil : .map(own)
  }

  /// Sets what only Kubernetes knows of a volume.
  func kept(_ own: Value?, on volume: Volume) -> Volume {
    var volume = volume
    volume.on[Self.engine] = own
    return volume
  }

  /// Texts in the form of a spec, in which nothing is filled in.
  private func literal(_ value: Value) -> Value {
    switch value {
    case .string(let text): .string(literal(text))
    case .list(let elements): .list(elements.map(literal))
    case .map(let members): .map(members.map { .init($0.key, literal($0.value)) })
    default: value
    }
  }
}

/// The labels of nodes that say what a service's `platform` says.
enum NodeLabel {
  static let ofPlatform: Set<String> = [
    "kubernetes.io/os", "beta.kubernetes.io/os", "kubernetes.io/arch", "beta.kubernetes.io/arch",
  ]
}

/// The resources that every engine has a word for.
enum ResourceName {
  static let ofEveryEngine: Set<String> = [
    "cpu", "memory", "ephemeral-storage", "nvidia.com/gpu", "amd.com/gpu",
  ]
}

extension HealthCheck {
  /// What it asks, without its pace.
  fileprivate var asking: HealthCheck {
    var asking = HealthCheck()
    (asking.command, asking.path, asking.port) = (command, path, port)
    (asking.headers, asking.grpc) = (headers, grpc)
    return asking
  }
}
