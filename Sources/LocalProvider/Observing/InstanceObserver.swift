import Diagnostics
import Planning
import ProviderKit
import Supervisor
import Values
import WorkloadSpec

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Looks at one instance, and touches nothing.
struct InstanceObserver: Sendable {
  /// What was found under an instance's name.
  enum Finding: Sendable {
    /// An instance that was observed.
    case instance(ObservedInstance)
    /// Something that is not ours.
    case foreign(ForeignObject)
    /// Something that could not be looked at.
    case gap(String)
    /// Nothing, any more.
    case nothing
  }

  let key: WorkloadKey
  let id: InstanceID
  let layout: Layout
  /// The key of the digests of secrets, if there is one yet.
  let digestKey: [UInt8]?
  /// What becomes of fields on this machine.
  let fields: LocalFields

  private var folder: InstanceFolder { layout.instance(id, of: key) }

  /// Looks. Blocks until the supervisor has answered, or did not in time.
  func look() -> Finding {
    do {
      guard let kind = Files.kind(folder.path) else { return .nothing }
      guard kind == S_IFDIR, let written = try InstanceRecord.read(folder.state) else {
        // It may just have gone.
        guard Files.kind(folder.path) != nil else { return .nothing }
        return .foreign(
          ForeignObject(
            name: folder.path,
            kind: kind == S_IFDIR ? "a folder that berth did not make" : "a file that berth did not make"))
      }
      guard written.key == key, written.id == id else {
        return .gap("\(folder.path) holds another instance, \(written.id) of \(written.key)")
      }
      guard let client = try SupervisorClient.connect(to: folder) else {
        return .instance(try remains(of: written))
      }
      guard case .record(let record) = try client.ask(.observe) else {
        return .gap("the supervisor in \(folder.path) gave an answer that makes no sense")
      }
      return .instance(ObservedInstance(id: id, services: try record.services.map { try service($0) }))
    } catch is SupervisorHungUp {
      return .gap("the supervisor in \(folder.path) ended while it was asked")
    } catch let error as DiagnosticError {
      let reason = error.diagnostics.first?.message ?? "a service can't be read"
      return .gap("\(folder.state) was written by another version of berth: \(reason)")
    } catch {
      return .gap("\(folder.state) can't be read: \(error)")
    }
  }

  /// What is known of an instance without a supervisor.
  private func remains(of record: InstanceRecord) throws -> ObservedInstance {
    let message =
      switch record.supervisor {
      case nil: "its supervisor was not started yet"
      case _? where record.bootID != ProcessTable.bootID: "the machine was started again since"
      case let supervisor?: "its supervisor, process \(supervisor.id), ended"
      }
    let services = try record.services.map { written in
      try service(written.remains(endedAt: written.since))
    }
    return ObservedInstance(id: id, isAlive: false, services: services, message: message)
  }

  private func service(_ record: ServiceRecord) throws -> ObservedService {
    let made = try MadeService(record, of: key, id, in: layout)
    let digests = record.secretDigests.textMembers
    var spec = fields.read(
      LocalReading(
        stamped: made.spec, running: record.running, ports: record.ports, texts: made.texts,
        configFiles: made.spec.configFiles.compactMap { live($0, made, sealed: digests[$0.sealName]) })
    )
    // A volume that the service does not see at its path is one without a path: the volume itself is there.
    for problem in made.volumeProblems() {
      for index in spec.volumes.indices where spec.volumes[index].name == problem.volume.name {
        spec.volumes[index].mountPath = ""
      }
    }
    let labels = StringMap(record.labels.textMembers)
    let ports = record.ports.map {
      Endpoint(
        containerPort: $0.container, transport: .init(spelledLike: $0.transport),
        hostAddress: Addressing.loopbackHost,
        hostPort: $0.host)
    }
    var observed = ObservedService(
      name: record.name,
      stamp: Stamp(
        key: key, instance: id, service: record.name, run: RunID(record.run),
        digest: SpecDigest(record.digest)),
      state: .init(spelledLike: record.state), isReady: record.isReady, restarts: record.restarts,
      since: record.since,
      exitCode: record.exitCode, message: record.message,
      endpoints: record.process == nil ? [] : ports,
      processID: record.process.map { Int($0.id) },
      live: LiveService(
        spec: spec, labels: labels, untold: fields.table.untold(of: made.spec)),
      secretDigests: digests)
    observed.addresses = record.addresses
    observed.assignedPorts = ports
    return observed
  }

  /// A config file with what is on the disk; `nil` if it is not there.
  ///
  /// - Parameter digest: the keyed digest of what it held at first, if that holds secrets.
  private func live(_ file: ConfigFile, _ made: MadeService, sealed digest: String?) -> ConfigFile? {
    guard let place = made.places.place(of: file.path), let bytes = try? ServiceFolder.read(place) else {
      return nil
    }
    // Without a seal, nothing tells.
    let isSealed = file.isSealed(bytes, by: digest, digestKey) ?? true
    return made.texts.live(file, holding: bytes, isSealed: isSealed)
  }
}
