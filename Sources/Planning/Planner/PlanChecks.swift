import Diagnostics
import WorkloadSpec

/// What stands in the way of any plan.
enum PlanChecks {
  /// The errors, and the provider's own notes.
  static func problems(with input: PlanInput, _ number: InstanceNumber?) -> Diagnostics {
    var problems = input.notes
    for gap in input.observation.gaps {
      problems.report(
        .observationIncomplete, "the observation is incomplete: \(gap)",
        help: "berth plans nothing from an incomplete observation: fix the named cause and try again")
    }
    // What goes away needs no names.
    for object in input.desired == nil ? [] : input.observation.foreign {
      problems.report(
        .foreignObject, "\(object.kind) sits on the name `\(object.name)`, which `\(input.key.name)` needs",
        help: object.canBeAdopted
          ? "`--adopt` takes it over, and its plan shows what differs; or rename or remove it"
          : "berth never touches what it did not create: rename or remove it, or rename the workload")
    }
    problems.append(contentsOf: OperatorRules(input: input).problems)
    guard let desired = input.desired else { return problems }
    // What starts nothing needs nothing.
    if let operation = input.operation, !operation.startsServices { return problems }
    if let last = input.lastRelease?.snapshot, last.kind != desired.kind {
      problems.report(
        .kindChanged,
        "`\(desired.name)` is a \(last.kind.rawValue) and can't become a \(desired.kind.rawValue)",
        help: "destroy it first, or give the new one another name")
    }
    if input.pause != nil, desired.strategy.type != .blueGreen, desired.strategy.type != .canary {
      problems.report(
        .cannotPause, "`\(desired.name)` can't pause: its strategy is `\(desired.strategy.type.rawValue)`",
        help: "`strategy: {type: canary}` and `{type: blue_green}` can; or leave out `--pause`")
    }
    problems.append(contentsOf: shrunkVolumes(in: desired, input))
    problems.append(contentsOf: surplusOfAdoption(for: desired, input))
    if let number {
      problems.append(contentsOf: NumberRules(input: input, desired: desired, number: number).findings)
    }
    return problems
  }

  /// What is taken over has to be wanted: more instances than the spec has would go at once.
  private static func surplusOfAdoption(for desired: Workload, _ input: PlanInput) -> [Diagnostic] {
    guard let count = desired.replicas else { return [] }
    let surplus = input.observation.instances.filter { ($0.id.ordinal ?? 0) >= count }
      .flatMap(\.services).compactMap { $0.adoption?.name }.sorted()
    guard !surplus.isEmpty else { return [] }
    let names = surplus.map { "`\($0)`" }.joined(separator: ", ")
    return [
      Diagnostic(
        .cannotAdopt,
        "\(names) can't be adopted: the spec has \(count == 1 ? "one instance" : "\(count) instances"), and more are there",
        help: "write `replicas` as many as there are, or take those away first that are too many")
    ]
  }

  private static func shrunkVolumes(in desired: Workload, _ input: PlanInput) -> [Diagnostic] {
    var sizes: [String: ByteQuantity] = [:]
    for service in input.lastRelease?.snapshot?.elements ?? [] {
      for volume in service.volumes { if let size = volume.size { sizes[volume.name] = size } }
    }
    for volume in input.observation.volumes {
      if let size = volume.size { sizes[volume.name] = max(size, sizes[volume.name] ?? size) }
    }
    var seen: Set<String> = []
    return desired.elements.flatMap(\.volumes).compactMap { volume in
      guard let size = volume.size, let old = sizes[volume.name], size < old,
        seen.insert(volume.name).inserted
      else { return nil }
      return Diagnostic(
        .volumeShrunk, "the volume `\(volume.name)` can't shrink from \(old) to \(size)",
        help: "write \(old) or more, or use a volume of another name")
    }
  }
}
