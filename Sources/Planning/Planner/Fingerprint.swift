import Crypto
import Values
import WorkloadSpec

extension Observation {
  /// A digest of what was observed, as far as a plan for a workload compares it: two observations with the same
  /// digest differ in nothing that the spec or the last release sets.
  ///
  /// What changes by itself is no part of it: states, health, process ids, restarts, assigned ports.
  ///
  /// - Parameters:
  ///   - desired: the whole workload as it will be.
  ///   - last: the workload as the last release has it.
  /// - Returns: `v1:` and 64 hexadecimal digits.
  public func fingerprint(desired: Workload?, last: Workload?) -> String {
    // What is said on other engines is nothing to this one.
    let (desired, last) = (desired?.narrowed(to: engine.provider), last?.narrowed(to: engine.provider))
    // A controller's instances come and go by themselves.
    let instances = (controller == nil ? instances : []).sorted { $0.id < $1.id }.map { instance -> Value in
      [
        "instance": .string(instance.id.description), "isAlive": .bool(instance.isAlive),
        "services": .list(
          instance.services.sorted { $0.name < $1.name }.map {
            Self.compared($0, desired: desired, last: last)
          }),
      ]
    }
    let volumes = volumes.sorted { ($0.name, $0.ordinal ?? -1) < ($1.name, $1.ordinal ?? -1) }.map {
      volume -> Value in
      [
        "volume": .string(volume.name), "ordinal": Value(volume.ordinal),
        "type": .string(volume.type.rawValue),
        "size": Value(volume.size?.description),
      ]
    }
    var all: [Value.Member] = [.init("instances", .list(instances)), .init("volumes", .list(volumes))]
    // Only where there are any, so that a plan which was saved before they were looked at stays comparable.
    if !facts.isEmpty {
      all.append(
        .init("facts", .map(facts.sorted { $0.key < $1.key }.map { .init($0.key, .string($0.value)) })))
    }
    if let controller {
      all.append(.init("controller", Self.compared(controller, desired: desired, last: last)))
    }
    var bytes: [UInt8] = []
    CanonicalJSON.write(.map(all), into: &bytes)
    return "v1:" + Hex.lower(SHA256.hash(data: bytes))
  }

  private static func compared(
    _ controller: ObservedController, desired: Workload?, last: Workload?
  ) -> Value {
    var told: Value = [
      "template": .list(
        controller.template.sorted { $0.name < $1.name }.map { compared($0, desired: desired, last: last) }),
      "replicas": Value(controller.replicas), "strategy": controller.strategy.plain,
    ]
    if let adoption = controller.adoption {
      told = .map((told.members ?? []) + [.init("adopts", .string(adoption.id))])
    }
    return told
  }

  private static func compared(
    _ service: ObservedService, desired: Workload?, last: Workload?
  ) -> Value {
    let (wanted, released) = (desired?.element(service.name), last?.element(service.name))
    let fields = ownedFields(of: service.live.spec.base, wanted, released, untold: service.live.untold)
    let labels = owned(
      service.live.labels.plain, .map, desired: desired?.labels.plain, last: last?.labels.plain,
      leaf: "labels", untold: [])
    let compared: Value = [
      "service": .string(service.name), "fields": .map(fields), "labels": labels ?? .null,
      "unobservable": .list(service.live.unobservable.sorted().map(Value.string)),
      // For what can't be observed, the stamp decides.
      "digest": service.live.unobservable.isEmpty ? .null : .string(service.stamp.digest.description),
      "image": Value(service.imageMove?.to),
      "pins": .list(pins(of: service, [wanted, released]).map(Value.string)),
      "secrets": .map(
        service.secretDigests.sorted { $0.key < $1.key }.map { .init($0.key, .string($0.value)) }),
    ]
    // Only where there are any: a plan that was saved before they were looked at stays comparable.
    var others: [Value.Member] = []
    if !service.deviations.isEmpty {
      others.append(.init("deviations", .list(service.deviations.map(\.plain))))
    }
    if !service.addresses.isEmpty {
      others.append(
        .init(
          "addresses",
          .map(service.addresses.sorted { $0.key < $1.key }.map { .init($0.key, .string($0.value)) })))
    }
    if let adoption = service.adoption { others.append(.init("adopts", .string(adoption.id))) }
    if !service.live.workloadBlocks.isEmpty {
      let blocks = owned(
        service.live.workloadBlocks.plain, .engines(.workload), desired: desired?.on.plain,
        last: last?.on.plain, leaf: "workload.on", untold: service.live.untold)
      if let blocks { others.append(.init("on", blocks)) }
    }
    return others.isEmpty ? compared : .map((compared.members ?? []) + others)
  }

  /// The fields of an observed element that the spec or the last release sets.
  private static func ownedFields<Base: BodyElement>(
    of live: Base, _ desired: AnyElement?, _ last: AnyElement?, untold: Set<String>
  ) -> [Value.Member] {
    let (desired, last) = (desired?.as(Base.self), last?.as(Base.self))
    return Base.schema.fields.compactMap { field in
      let name = field.description.name
      guard field.description.comparison == .value, !untold.contains(name) else { return nil }
      return owned(
        field.value(live), field.description.type, desired: desired.flatMap { field.value($0) },
        last: last.flatMap { field.value($0) }, leaf: name, untold: untold
      ).map { .init(name, $0) }
    }
  }

  /// Those digests of some specs that a service's image is known by.
  private static func pins(of service: ObservedService, _ specs: [AnyElement?]) -> [String] {
    let digests = specs.compactMap { $0?.containerImage.flatMap { ImageReference.split($0).digest } }
    return service.imageDigests.intersection(digests).sorted()
  }

  /// What of a live value the spec or the last release sets.
  private static func owned(
    _ live: Value?, _ type: FieldType, desired: Value?, last: Value?, leaf: String, untold: Set<String>
  ) -> Value? {
    guard let live, desired != nil || last != nil else { return nil }
    switch type {
    case .object(let description):
      return owned(live, description(), desired: desired, last: last, leaf: leaf, untold: untold)
    case .keyed(let description, let identity):
      let wanted = FieldDiff.elements(of: desired, by: identity)
      let released = FieldDiff.elements(of: last, by: identity)
      let elements = FieldDiff.elements(of: live, by: identity).sorted { $0.key < $1.key }
      return .list(
        elements.compactMap { key, element in
          guard wanted[key] != nil || released[key] != nil else { return nil }
          return owned(
            element, description(), desired: wanted[key], last: released[key], leaf: leaf, untold: untold)
        })
    case .engines:
      return .map(
        (live.members ?? []).compactMap { block in
          let (wanted, released) = (desired?[block.key], last?[block.key])
          let fields = (block.value.members ?? []).filter {
            (wanted?[$0.key] != nil || released?[$0.key] != nil)
              && !untold.contains("\(leaf).\(block.key).\($0.key)")
          }
          return fields.isEmpty ? nil : .init(block.key, .map(fields))
        })
    case .map:
      return .map(
        (live.members ?? []).filter { desired?[$0.key] != nil || last?[$0.key] != nil }
          .sorted { $0.key < $1.key })
    case .tree: return owned(live, desired: desired, last: last)
    case .string, .text, .integer, .boolean, .choice, .quantity, .list, .set, .named: return live
    }
  }

  /// What of live data of any shape the spec or the last release sets.
  private static func owned(_ live: Value, desired: Value?, last: Value?) -> Value {
    guard let members = live.members else { return live }
    return .map(
      members.compactMap { member in
        let (wanted, released) = (desired?[member.key], last?[member.key])
        guard wanted != nil || released != nil else { return nil }
        return .init(member.key, owned(member.value, desired: wanted, last: released))
      })
  }

  private static func owned(
    _ live: Value, _ description: ObjectDescription, desired: Value?, last: Value?, leaf: String,
    untold: Set<String>
  ) -> Value {
    .map(
      description.fields.compactMap { field in
        let leaf = "\(leaf).\(field.name)"
        guard field.comparison == .value, !untold.contains(leaf) else { return nil }
        return owned(
          live[field.name], field.type, desired: desired?[field.name], last: last?[field.name], leaf: leaf,
          untold: untold
        ).map { .init(field.name, $0) }
      })
  }
}
