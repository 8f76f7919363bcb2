import DockerAPI
import Planning
import ProviderKit
import Values
import WorkloadSpec

/// One field of a service on an engine: what becomes of it, how it is written, read back, and changed while a container
/// runs.
struct ContainerRow: Sendable {
  /// Writes a field into what an engine is asked for.
  typealias Write = @Sendable (ContainerWriting, inout ContainerCreation) throws(ActionFailure) -> Void
  /// Reads a field back. Rows are read in their order, so that those of an element's fields find the element.
  typealias Read = @Sendable (ContainerReading, inout ServiceFields) -> Void
  /// Writes a field into what an engine is asked to change.
  typealias Update = @Sendable (Service, inout ContainerUpdate) -> Void

  /// What becomes of it.
  let field: FieldRow
  /// How it is written, if it is part of a container's configuration.
  let write: Write?
  /// How it is read back.
  let read: Read
  /// How it is changed while a container runs, if it can be.
  let update: Update?

  /// A field that the engine is told, and tells.
  ///
  /// - Parameter canBeTakenAway: whether an update can also leave a container without it.
  static func enforced(
    _ path: String, _ words: String, write: Write? = nil, update: Update? = nil, canBeTakenAway: Bool = false,
    read: @escaping Read
  ) -> ContainerRow {
    let cost: Impact = update == nil ? .replace : .inPlace
    return ContainerRow(
      field: FieldRow(
        "services." + path, .enforced(.engine), cost: cost,
        exception: update == nil || canBeTakenAway ? nil : takesLimitAway, words),
      write: write, read: read, update: update)
  }

  /// A limit can be moved, but not taken away.
  @Sendable private static func takesLimitAway(_ change: Change) -> ImpactStatement? {
    change.new == .absent ? ImpactStatement(.replace) : nil
  }

  /// A field that the engine is told and can't tell.
  static func stamped<V>(
    _ path: String, _ words: String, _ member: WritableKeyPath<ServiceFields, V> & Sendable,
    write: Write? = nil
  ) -> ContainerRow {
    ContainerRow(
      field: FieldRow("services." + path, .enforced(.stamp), cost: .replace, words), write: write,
      read: { $1[keyPath: member] = $0.stamp.spec[dynamicMember: member] }, update: nil)
  }

  /// The same, of a field that is read together with another one.
  static func stamped(
    _ path: String, _ words: String, read: @escaping Read
  ) -> ContainerRow {
    ContainerRow(
      field: FieldRow("services." + path, .enforced(.stamp), cost: .replace, words), write: nil, read: read,
      update: nil)
  }

  /// A field that the engine is told and tells, and that has a value of the image's or the engine's own where none is
  /// stated.
  static func ifStated<V: SpecValue>(
    _ path: String, _ words: String, _ member: WritableKeyPath<ServiceFields, V?> & Sendable,
    write: (@Sendable (V, inout ContainerCreation) -> Void)? = nil,
    live: @escaping @Sendable (Container) -> V?
  ) -> ContainerRow {
    let stated: Write = { writing, creation throws(ActionFailure) in
      if let value = writing.service[dynamicMember: member] { write?(value, &creation) }
    }
    return .enforced(
      path, words, write: stated,
      read: { reading, service in
        guard reading.stamp.spec[dynamicMember: member] != nil else { return }
        service[keyPath: member] = live(reading.container)
      })
  }

  /// A field that only berth reads.
  ///
  /// - Parameters:
  ///   - reason: why it is left undone, if so.
  ///   - condition: of elements with this member, the engine is told all the same.
  ///   - write: tells the engine what berth does itself, for those who deal with the engine without berth.
  static func untold(
    _ path: String, _ words: String, because reason: String? = nil, afterwards: String? = nil,
    unless condition: Value.Member? = nil, write: Write? = nil, read: @escaping Read
  ) -> ContainerRow {
    ContainerRow(
      field: FieldRow(
        "services." + path, reason.map { .recorded(because: $0) } ?? .byBerth, unless: condition,
        cost: .inPlace, words, afterwards: afterwards),
      write: write, read: read, update: nil)
  }

  /// A field of a health check: the engine's own of a check by command, and else berth's.
  static func check(
    _ path: String, _ words: String, afterwards: String, write: @escaping Write, read: @escaping Read
  ) -> ContainerRow {
    ContainerRow(
      field: FieldRow(
        "services.healthCheck." + path, .enforced(.engine), ofOwnChecks: .byBerth, cost: .replace, words,
        afterwards: afterwards),
      write: write, read: read, update: nil)
  }
}

/// What a row writes from.
struct ContainerWriting {
  let builder: ContainerBuilder
  let service: Service
  /// What is mounted; `nil` for the volumes of the spec under their own names.
  let mounts: [MountSpec]?
}

/// What a row reads.
struct ContainerReading {
  let names: EngineNames
  let container: Container
  /// What its labels say.
  let stamp: ServiceStamp
  /// The service as berth has it now: as the last release has it, unless a later run has made the container.
  let service: Service
  /// The config files, which only looking into the container tells.
  let configFiles: [ConfigFile]
}
