import Values

/// An element of a body, whichever body that is.
public struct AnyElement: Sendable, Equatable {
  /// The element itself.
  public private(set) var base: any BodyElement

  public init(_ base: some BodyElement) { self.base = base }

  /// The element itself, if it is of a type.
  public func `as`<Base: BodyElement>(_ type: Base.Type) -> Base? { base as? Base }

  /// Whether two are of one type and equal.
  public static func == (left: AnyElement, right: AnyElement) -> Bool {
    func isEqual<Base: BodyElement>(_ base: Base) -> Bool { right.as(Base.self) == base }
    return isEqual(left.base)
  }
}

extension AnyElement {
  /// The name, unique within the workload.
  public var name: String { base.name }
  /// What it is to the workload.
  public var role: Role { base.role }
  /// The elements that must be ready before it comes.
  public var dependsOn: StringSet { base.dependsOn }
  /// The elements that must be ready before it, because it names them or refers to them.
  public var waitsFor: StringSet { base.waitsFor }
  /// When its container image is pulled.
  public var pullPolicy: PullPolicy { base.pullPolicy }
  /// What happens when its process ends.
  public var restart: RestartPolicy { base.restart }
  /// How long it may take to stop before it is stopped by force.
  public var stopGrace: SpecDuration { base.stopGrace }
  /// Ports it listens on.
  public var ports: [Port] { base.ports }
  /// Storage it sees.
  public var volumes: [Volume] { base.volumes }
  /// Secrets it is given, wherever they go. Ordered by identity.
  public var secretUses: [SecretUse] { base.secretUses }

  /// The container image that it runs, which a registry knows by digests.
  public var containerImage: String? {
    get { base.containerImage }
    set { base.containerImage = newValue }
  }

  /// Where it stands in the document: `services[api]`.
  public var place: String { type(of: base).place(of: name) }
  /// The part of the document that holds it: `services`, `machine` or `objects`.
  public var body: Body { Body(rawValue: type(of: base).field) ?? .services }
  /// What is known of its fields, without their Swift types.
  public var description: ObjectDescription { base.objectDescription }
  /// Every field that is set, defaults included.
  public var plain: Value { base.plain }
  /// Every field that is set and differs from its default: what is worth showing.
  public var plainWithoutDefaults: Value { base.plainWithoutDefaults }
  /// Every field that is compared, is set and differs from its default: what a digest is made of.
  public func essence(on engine: EngineFields? = nil) -> Value { base.essence(on: engine) }
  /// The ``essence(on:)`` without what must not be shown.
  public var shownEssence: Value { base.shownEssence() }
}

extension SpecObject {
  /// What is known of its fields, without their Swift types.
  fileprivate var objectDescription: ObjectDescription { Self.schema.description }
}

// MARK: A workload's elements

extension Workload {
  /// What an instance consists of, whichever body the document holds.
  public var elements: [AnyElement] {
    let services = services.map { AnyElement($0) }
    if $machine.isAbsent, objects.isEmpty { return services }
    return services + Machine.elements(of: self).map { AnyElement($0) } + objects.map { AnyElement($0) }
  }

  /// The service, the machine or the object with a name.
  public func element(_ name: String) -> AnyElement? {
    if let service = service(name) { return AnyElement(service) }
    if let machine, machine.name == name { return AnyElement(machine) }
    return objects.first { $0.name == name }.map { AnyElement($0) }
  }

  /// Puts an element in the place of the one with its name, or adds it.
  public mutating func put(_ element: AnyElement) {
    func put<Base: BodyElement>(_ base: Base) {
      var elements = Base.elements(of: self)
      if let index = elements.firstIndex(where: { $0.name == base.name }) {
        elements[index] = base
      } else {
        elements.append(base)
      }
      Base.setElements(elements, of: &self)
    }
    put(element.base)
  }

  /// Takes the element with a name away.
  public mutating func removeElement(_ name: String) {
    services.removeAll { $0.name == name }
    if machine?.name == name { machine = nil }
    objects.removeAll { $0.name == name }
  }
}

extension [AnyElement] {
  /// Where the elements are, by name; of two with one name, the first.
  public var indicesByName: [String: Int] {
    Dictionary(indices.lazy.map { (self[$0].name, $0) }) { first, _ in first }
  }
}
