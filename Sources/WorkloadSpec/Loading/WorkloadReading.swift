/// Turns documents into workloads: merges, fills in variables, decodes, checks.
struct WorkloadReading {
  /// A workload with what its rules need to name places.
  private struct Item {
    let loaded: LoadedWorkload
    let places: SpecPlaces
    let isUsable: Bool
  }

  private var given: GivenVariables
  private var configFiles: ConfigFileContents
  private let engines: [EngineFields]
  private var diagnostics: Diagnostics
  private var items: [Item] = []

  init(
    given: GivenVariables, configFiles: ConfigFileContents, engines: [EngineFields], diagnostics: Diagnostics
  ) {
    self.given = given
    self.configFiles = configFiles
    self.engines = engines
    self.diagnostics = diagnostics
  }

  /// Reads one workload.
  mutating func read(_ document: DocumentCollection.Document) {
    // Nobody reads a thousand messages: what comes after them is not worth the time and the memory.
    if diagnostics.isFull { return }
    var decoder = SpecDecoder()
    decoder.engines = engines
    guard
      let root = LayerMerge.merge(
        document.layers, as: Workload.schema.description, on: engines, reportingTo: &decoder.diagnostics)
    else { return }
    let isWhole = !decoder.diagnostics.hasErrors
    let variables = DeclaredVariables.read(in: root, given: &given, by: &decoder)
    decoder.interpolation = variables.interpolation
    var workload = Workload.read(root, by: &decoder)
    let places = SpecPlaces(root: root, interpolation: variables.interpolation)
    if workload != nil {
      configFiles.fill(&workload!, places, &decoder.diagnostics)
      BindSources.resolve(&workload!, places)
    }
    // What was to be changed by an element that was left out is not known; rules would report what is not so.
    if let workload, isWhole { WorkloadRules.check(workload, places, &decoder.diagnostics) }
    if let interpolation = decoder.interpolation {
      variables.reportUse(by: interpolation, to: &decoder.diagnostics)
    }
    diagnostics.append(contentsOf: decoder.diagnostics)
    guard let workload else { return }
    items.append(
      Item(
        loaded: LoadedWorkload(
          workload: workload, root: root, files: Self.files(of: document.layers), engines: engines),
        places: places, isUsable: !decoder.diagnostics.hasErrors))
  }

  /// The workloads, once all are read.
  mutating func result() -> LoadResult {
    given.reportUnknown(to: &diagnostics)
    // There may be thousands of them, and they are large: the order is one of indices.
    let order = items.indices.sorted { items[$0].loaded.workload.name < items[$1].loaded.workload.name }
    var refused = UniqueNameRule.check(order.map { items[$0].loaded.workload.name }, &diagnostics) {
      items[order[$0]].places.place("name")
    }
    let pinned = order.indices.filter { HostPortRule.concerns(items[order[$0]].loaded.workload) }
    let pairs = pinned.map { (items[order[$0]].loaded.workload, items[order[$0]].places) }
    refused.formUnion(HostPortRule.check(across: pairs, &diagnostics).map { pinned[$0] })
    let dependent = order.indices.filter { !items[order[$0]].loaded.workload.dependsOn.isUnset }
    let waiting = dependent.map { (items[order[$0]].loaded.workload, items[order[$0]].places) }
    refused.formUnion(WorkloadCycleRule.check(across: waiting, &diagnostics).map { dependent[$0] })
    let usable = order.indices.filter { items[order[$0]].isUsable && !refused.contains($0) }
    return LoadResult(
      workloads: usable.map { items[order[$0]].loaded }, diagnostics: diagnostics.sortedByPlace())
  }

  private static func files(of layers: [Node]) -> [String] {
    var names: [String] = []
    for layer in layers where !names.contains(layer.location.file.name) {
      names.append(layer.location.file.name)
    }
    return names
  }
}
