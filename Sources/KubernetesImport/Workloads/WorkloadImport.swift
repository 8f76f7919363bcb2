import Diagnostics
import SpecImport
import WorkloadSpec
import YAMLNodes

/// What workloads of one import have together.
struct SharedState {
  /// The ports of the host that some workload has, as `8080/tcp`.
  var hostPorts: Set<String> = []
  /// How much text the specs may still take from ConfigMaps and variables, in bytes: 32 MiB at first.
  var textLeft = 32 << 20
  /// How many ports of Services may still lead somewhere.
  var portsLeft = 100_000
}

/// Turns one controller with its pods into a workload.
struct WorkloadImport {
  let set: ManifestSet
  let options: KubernetesOptions
  let object: ManifestObject
  let controller: Controller
  /// What pods are made of: a mapping with `metadata` and `spec`.
  let template: Node
  /// The description of a pod.
  let pod: Node
  /// The labels of the pods.
  let labels: [(key: String, value: Node)]
  /// The Services that select the pods.
  let selectingServices: [ManifestObject]
  var workload = Workload()
  /// The containers: inits first, then those that run before the others, then the others.
  var drafts: [ContainerDraft] = []
  /// The index of the main container.
  var main = 0
  var diagnostics = Diagnostics()
  var secrets: [SecretNeed] = []
  /// What the workloads of one import have together; each takes it from the one before.
  var shared: SharedState
  /// The ports of Services that lead here.
  var reached: [ReachedPort] = []
  /// The names of the pod's volumes, and of those that the workload has besides.
  var volumeNames: UniqueLabels
  /// The names of those that are folders of one volume, by both.
  var partNames: [String: String] = [:]
  /// What volumes of files hold, by the name of the volume.
  var files: [String: [FileEntry]] = [:]
  /// What is told or done once for the pod.
  var once: Set<String> = []

  /// Starts with a controller; `nil` if it describes no pod, which is reported.
  init?(
    _ object: ManifestObject, _ controller: Controller, named name: String, of set: ManifestSet,
    shared: SharedState, _ options: KubernetesOptions, _ diagnostics: inout Diagnostics
  ) {
    var check = KeyCheck(staysOnKubernetes: options.staysOnKubernetes)
    check.check(object.node, at: controller.place, of: "`\(object.name)`")
    guard let template = controller.template(of: object), let pod = template.stated("spec"),
      !pod.list("containers").isEmpty
    else {
      diagnostics.append(contentsOf: check.diagnostics)
      diagnostics.report(
        .manifestInvalid, "\(object.phrase) has no containers", at: object.location,
        help: "list at least one under `containers`")
      return nil
    }
    self.set = set
    self.options = options
    self.object = object
    self.controller = controller
    self.template = template
    self.pod = pod
    self.shared = shared
    self.diagnostics = check.diagnostics
    workload.name = name
    volumeNames = UniqueLabels(Set(pod.list("volumes").compactMap { $0["name"]?.scalar }))
    labels = template["metadata"]?.map("labels") ?? []
    selectingServices = set.services(selecting: object, labels)
  }

  /// Reads all there is.
  mutating func run() {
    readReplicas()
    readKind()
    readStrategy()
    readLabels()
    readContainers()
    guard !drafts.isEmpty else { return }
    chooseMain()
    readPod()
    readPlacement()
    readPorts()
    for index in drafts.indices { readProbes(of: index) }
    readVolumes()
    finishPorts()
    if staysOnKubernetes { readClusterFields() }
    arrange()
    readPullSecrets()
    reportSharedLoopback()
    workload.services = drafts.map(\.service)
  }

  /// Whether the spec stays on Kubernetes.
  var staysOnKubernetes: Bool { options.staysOnKubernetes }

  // MARK: Reporting

  /// Something that is not in the spec.
  mutating func lost(_ what: String, at location: SourceLocation, help: String) {
    diagnostics.report(.notCarriedOver, "\(what) has no equivalent", at: location, help: help)
  }

  /// Something that the spec says in another way.
  mutating func differs(_ message: String, at location: SourceLocation, help: String) {
    diagnostics.report(.carriedOverDifferently, message, at: location, help: help)
  }

  /// Something that Kubernetes does not understand either.
  mutating func invalid(_ message: String, at location: SourceLocation, help: String) {
    diagnostics.report(.manifestInvalid, message, at: location, help: help)
  }

  /// A text in the form of a spec, in which nothing is filled in.
  func literal(_ text: String) -> String { Interpolation.escapeForProvider(text, takesSecrets: false) }

  /// Whether a text may go into the spec; when they are too much together, that is reported.
  mutating func spend(_ text: String, at location: SourceLocation) -> Bool {
    shared.textLeft -= text.utf8.count
    if shared.textLeft >= 0 { return true }
    if once.insert("textLeft").inserted {
      diagnostics.report(
        .fileTooLarge, "the specs would hold more than 32 MiB of what ConfigMaps and variables say",
        at: location,
        help: "import fewer files at a time")
    }
    return false
  }

  /// A whole number; what is none is reported.
  mutating func integer(_ node: Node?, _ what: String) -> Int? {
    guard let node, let text = node.scalar else { return nil }
    if let number = Int(text) { return number }
    invalid("\(what) must be a whole number, not `\(text)`", at: node.location, help: "write digits only")
    return nil
  }

  /// A truth value; what is none is reported.
  mutating func flag(_ node: Node?, _ what: String) -> Bool {
    guard let node, node.scalar != nil else { return false }
    if let truth = node.truth { return truth }
    invalid("\(what) must be `true` or `false`", at: node.location, help: "write one of the two")
    return false
  }
}
