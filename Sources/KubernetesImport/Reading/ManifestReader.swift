import Diagnostics
import WorkloadSpec
import YAMLNodes

/// Reads files of manifests: several documents each, lists as `kubectl get` prints them, and what charts render.
struct ManifestReader {
  /// How many lists may stand in each other.
  private static let maximumDepth = 4

  private(set) var objects: [ManifestObject] = []
  private(set) var diagnostics = Diagnostics()
  /// The name of the first file.
  private(set) var fileName = ""

  /// Reads files, folders, patterns and `-`.
  mutating func read(_ paths: [String]) {
    var files = FileReader()
    let sources = paths.flatMap { files.sources(at: $0) }
    diagnostics.append(contentsOf: files.diagnostics)
    fileName = sources.first?.name ?? ""
    for source in sources { read(source) }
  }

  mutating func read(_ source: SourceFile) {
    var problems = Diagnostics()
    let documents = YAMLReader.read(source, into: &problems).documents
    if let first = problems.first(where: { $0.severity == .error }), source.holdsTemplate {
      diagnostics.report(
        .manifestInvalid, "`\(source.name)` is a template of a chart, and no manifest yet",
        at: first.location,
        help: "render the chart: `helm template NAME FOLDER | berth import kubernetes -`")
      return
    }
    diagnostics.append(contentsOf: problems)
    for document in documents where !document.isNull { add(document, depth: 0) }
  }

  private mutating func add(_ node: Node, depth: Int) {
    guard node.kind == .mapping else {
      diagnostics.report(
        .manifestInvalid, "a manifest is a mapping with `apiVersion` and `kind`", at: node.location,
        help: "give files with objects of Kubernetes only")
      return
    }
    guard let object = ManifestObject(node, number: objects.count) else { return reportNoObject(node) }
    if let items = node.stated("items"), object.kind.hasSuffix("List") {
      guard items.kind == .sequence, depth < Self.maximumDepth else {
        diagnostics.report(
          .manifestInvalid, "`items` of a list takes a list of objects", at: items.location,
          help: "print it by `kubectl get … -o yaml`")
        return
      }
      for item in items.elements { add(item, depth: depth + 1) }
      return
    }
    guard object.group != "kustomize.config.k8s.io" else {
      diagnostics.report(
        .manifestInvalid, "a kustomization is no manifest", at: node.location,
        help: "render it first: `kubectl kustomize FOLDER | berth import kubernetes -`")
      return
    }
    guard !object.name.isEmpty else {
      diagnostics.report(
        .manifestInvalid, "the \(object.kind) has no name", at: object.location,
        help: "write `metadata: {name: …}`")
      return
    }
    objects.append(object)
  }

  private mutating func reportNoObject(_ node: Node) {
    let looksLikeChart = node["apiVersion"] != nil && node["name"] != nil
    let looksLikeCompose = node["services"] != nil
    diagnostics.report(
      .manifestInvalid,
      "this is no object of Kubernetes: it has no \(node["kind"] == nil ? "`kind`" : "`apiVersion`")",
      at: node.location,
      help: looksLikeChart
        ? "this looks like a chart: render it first, by `helm template NAME FOLDER | berth import kubernetes -`"
        : looksLikeCompose
          ? "this looks like a compose file, which `berth import compose` reads"
          : "give files with objects of Kubernetes only; render charts and kustomizations first")
  }
}

extension SourceFile {
  /// Whether there is something in it that a renderer of templates would fill in.
  fileprivate var holdsTemplate: Bool {
    zip(bytes, bytes.dropFirst()).contains { $0 == UInt8(ascii: "{") && $1 == UInt8(ascii: "{") }
  }
}
