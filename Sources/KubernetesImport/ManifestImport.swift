import Diagnostics
import SpecImport
import WorkloadSpec
import YAMLNodes

/// Turns all objects of an import into specs, and says what becomes of those that are none.
struct ManifestImport {
  private let set: ManifestSet
  private let options: KubernetesOptions
  private(set) var diagnostics = Diagnostics()
  private var imports: [WorkloadImport] = []
  /// The numbers of the Services that lead to what is imported.
  private var reached: Set<Int> = []
  /// The claim templates of stateful sets, as their claims begin.
  private var templates: Set<String> = []
  /// The numbers of the objects that workloads take something from.
  private var used: Set<Int> = []
  /// The workloads that mount a claim, by the claim's namespace and name, each with the place that names it.
  private var mounts: [[String]: [(index: Int, location: SourceLocation)]] = [:]

  init(_ set: ManifestSet, _ options: KubernetesOptions) {
    self.set = set
    self.options = options
  }

  /// The specs.
  mutating func run() -> [ImportedWorkload] {
    var parts: [ManifestObject] = []
    var names = WorkloadNames(set.objects)
    var shared = SharedState()
    for object in set.objects {
      switch ObjectFate(object) {
      case .workload(let controller): read(object, controller, &names, &shared)
      case .part: parts.append(object)
      case .made: break
      case .leftOut(let reason):
        diagnostics.report(
          .serviceLeftOut, "\(object.phrase) is left out: \(reason)", at: object.location,
          help: "import it from a file of its own, without the annotation `helm.sh/hook`, if it is meant")
      case .lost where options.staysOnKubernetes && object.kind == "PodDisruptionBudget": parts.append(object)
      case .lost(let help):
        diagnostics.report(
          .notCarriedOver, "\(object.phrase) has no equivalent", at: object.location, help: help)
      }
    }
    for part in parts { check(part) }
    var network = ServiceNames(options)
    network.connect(&imports, parts.filter { $0.kind == "Service" })
    diagnostics.append(contentsOf: network.diagnostics)
    reportSharedClaims()
    reportSecrets()
    reportNamespaces()
    reportMains()
    for item in imports { diagnostics.append(contentsOf: item.diagnostics) }
    return imports.map { spec(of: $0) }
  }

  private mutating func read(
    _ object: ManifestObject, _ controller: Controller, _ names: inout WorkloadNames,
    _ shared: inout SharedState
  ) {
    let name = names.next(for: object, &diagnostics)
    guard
      var item = WorkloadImport(
        object, controller, named: name, of: set, shared: shared, options, &diagnostics)
    else { return }
    item.run()
    shared = item.shared
    for (key, location) in PodReferences(item.pod).places {
      let found = set.find(key.kind, key.name, from: object)
      if let found { used.insert(found.number) }
      guard key.kind == "PersistentVolumeClaim" else { continue }
      let namespace = found?.namespace ?? object.namespace ?? ""
      mounts[[namespace, key.name], default: []].append((imports.count, location))
    }
    reached.formUnion(item.reached.map(\.service.number))
    if let budget = set.budget(of: object, item.labels) { used.insert(budget.number) }
    for template in object.spec?.list("volumeClaimTemplates") ?? [] {
      templates.insert("\(template["metadata"]?["name"]?.scalar ?? "")-\(object.name)")
    }
    imports.append(item)
  }

  private func spec(of item: WorkloadImport) -> ImportedWorkload {
    var imported = ImportedWorkload(
      name: item.workload.name, document: SpecRendering.brief(item.workload),
      madeFrom: item.object.location.file.name, by: KubernetesImporter.command, notes: item.diagnostics)
    if let namespace = item.object.namespace, namespace != "default" {
      imported.addComment("Its namespace there: apply it with `-n \(namespace)`.")
    }
    return imported
  }

  // MARK: Parts

  /// Reports what is not carried over of an object that workloads take something from.
  private mutating func check(_ part: ManifestObject) {
    var check = KeyCheck(staysOnKubernetes: options.staysOnKubernetes)
    switch part.kind {
    case "Service":
      check.check(part.node, at: .service, of: "the Service `\(part.name)`")
      reportUnreachable(part)
    case "Secret", "ConfigMap", "PersistentVolumeClaim":
      guard used.contains(part.number) || isOfTemplate(part) else {
        diagnostics.report(
          .notCarriedOver, "\(part.phrase), which no imported workload uses, has no equivalent",
          at: part.location,
          help: "nothing is to be done where only a program of the cluster reads it")
        return
      }
      if part.kind == "ConfigMap" {
        check.check(part.node, at: .configMap, of: "the ConfigMap `\(part.name)`")
      }
      if part.kind == "PersistentVolumeClaim" {
        check.check(part.node, at: .claim, of: "the claim `\(part.name)`")
      }
    case "PodDisruptionBudget":
      guard !used.contains(part.number) else { return }
      diagnostics.report(
        .notCarriedOver, "\(part.phrase), which is of no imported workload's pods, has no equivalent",
        at: part.location, help: "give the file that has its pods, and select them by `matchLabels`")
    default: break
    }
    diagnostics.append(contentsOf: check.diagnostics)
  }

  /// Whether a stateful set made a claim for one of its instances: `data-db-0` of `db` and its template `data`.
  private func isOfTemplate(_ claim: ManifestObject) -> Bool {
    guard let dash = claim.name.lastIndex(of: "-") else { return false }
    return claim.kind == "PersistentVolumeClaim" && templates.contains(String(claim.name[..<dash]))
  }

  private mutating func reportUnreachable(_ service: ManifestObject) {
    guard !reached.contains(service.number) else { return }
    let external = service.spec?.stated("externalName")?.scalar
    diagnostics.report(
      .notCarriedOver,
      external.map { "the name `\(service.name)` for `\($0)` has no equivalent" }
        ?? "the Service `\(service.name)`, which leads to nothing that is imported, has no equivalent",
      at: service.location,
      help: external.map { "let programs look for `\($0)` itself" } ?? "give the file that has its pods, too")
  }

  // MARK: What concerns several

  private mutating func reportSharedClaims() {
    for (key, places) in mounts.sorted(by: { $0.key.lexicographicallyPrecedes($1.key) })
    where places.count > 1 {
      let users = places.map { "`\(imports[$0.index].workload.name)`" }.joined(separator: " and ")
      for place in places {
        imports[place.index].differs(
          "\(users) mount the claim `\(key[1])`, and each has a volume of its own",
          at: place.location, help: "make a volume on the engine, and mount it in each with `type: external`")
      }
    }
  }

  private mutating func reportSecrets() {
    var seen: Set<[String]> = []
    for need in imports.flatMap(\.secrets) where seen.insert([need.namespace ?? "", need.key]).inserted {
      diagnostics.report(
        .importNeedsSecret,
        "the spec refers to `\(need.key)` of the vault, in the place of the Secret `\(need.secret)`",
        at: need.location, help: need.help)
    }
  }

  private mutating func reportNamespaces() {
    let stated = imports.filter { $0.object.namespace.map { $0 != "default" } ?? false }
    let names = Set(stated.compactMap(\.object.namespace)).sorted()
    guard let first = stated.first else { return }
    let place = first.object.node["metadata"]?["namespace"]?.location ?? first.object.location
    diagnostics.report(
      .workloadBoundary,
      names.count == 1
        ? "the manifests state the namespace `\(names[0])`, and a spec states none"
        : "the manifests state the namespaces \(names.map { "`\($0)`" }.joined(separator: ", ")), and a spec states none",
      at: place,
      help: names.count == 1
        ? "apply the spec with `-n \(names[0])`"
        : "write a file for each by `--out FOLDER/`, and apply each with its `-n`")
  }

  /// Says which of the chosen main containers there are none of.
  private mutating func reportMains() {
    for main in options.mains {
      let parts = main.split(separator: "/", maxSplits: 1).map(String.init)
      let known = imports.contains { item in
        if parts.count == 2, parts[0] != item.workload.name, parts[0] != item.object.name { return false }
        return item.pod.list("containers").contains { $0["name"]?.scalar == parts.last }
      }
      guard !known else { continue }
      let names = imports.flatMap { $0.pod.texts(of: "containers") }
      diagnostics.report(
        .importMain, "`--main \(main)` names no container of a pod",
        help: Suggestion.help(for: parts.last ?? main, among: Set(names).sorted())
          ?? "name one as `CONTAINER` or `WORKLOAD/CONTAINER`; inits can't be it")
    }
  }
}

extension Node {
  /// The names of the objects in the list under a key.
  fileprivate func texts(of key: String) -> [String] { list(key).compactMap { $0["name"]?.scalar } }
}
