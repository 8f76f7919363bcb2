import Diagnostics
import YAMLNodes

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

  mutating func read(_ document: DocumentCollection.Document) {
    // No user reads more than a thousand messages: more of them are not worth the time and the memory.
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
      configFiles.fillUserData(of: &workload!, places, &decoder.diagnostics)
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
    let dependent = order.indices.filter { !items[order[$0]].loaded.workload.waitsFor.isUnset }
    let waiting = dependent.map { (items[order[$0]].loaded.workload, items[order[$0]].places) }
    refused.formUnion(checkAddresses(dependent.map { order[$0] }, &diagnostics).map { dependent[$0] })
    refused.formUnion(WorkloadCycleRule.check(across: waiting, &diagnostics).map { dependent[$0] })
    let usable = order.indices.filter { items[order[$0]].isUsable && !refused.contains($0) }
    return LoadResult(
      workloads: usable.map { items[order[$0]].loaded }, diagnostics: diagnostics.sortedByPlace())
  }

  /// Checks what workloads refer to in others that are read with them. The others, only the target has.
  ///
  /// - Returns: the indices of those that refer to what is not there.
  private func checkAddresses(_ dependent: [Int], _ diagnostics: inout Diagnostics) -> [Int] {
    let referring = dependent.indices.filter {
      !items[dependent[$0]].loaded.workload.addressedWorkloads.isEmpty
    }
    guard !referring.isEmpty else { return [] }
    let others = Dictionary(items.map { ($0.loaded.workload.name, $0) }) { first, _ in first }
    return referring.filter { index in
      let item = items[dependent[index]]
      let rule = AddressRule(workload: item.loaded.workload)
      let problems = item.loaded.workload.addressedWorkloads.sorted().flatMap { name in
        others[name].map { rule.problems(in: $0.loaded.workload) } ?? []
      }
      for (service, use, problem) in problems {
        let places = use.reference.workload.flatMap { others[$0]?.places }
        diagnostics.report(
          problem.code, problem.message, at: item.places.place(of: use, in: service), help: problem.help,
          related: problem.target.map {
            RelatedLocation.list("`\($0.name)` is here", places?.place(of: $0, "name"))
          } ?? [])
      }
      return !problems.isEmpty
    }
  }

  private static func files(of layers: [Node]) -> [String] {
    var names: [String] = []
    for layer in layers where !names.contains(layer.location.file.name) {
      names.append(layer.location.file.name)
    }
    return names
  }
}
