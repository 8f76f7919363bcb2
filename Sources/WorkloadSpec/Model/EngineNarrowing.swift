import Diagnostics
import Values
import YAMLNodes

extension Workload {
  /// The workload as it concerns one engine: without what is said on others. This is what is digested, compared and
  /// handed to a provider; releases keep the whole.
  public func narrowed(to engine: String) -> Workload {
    guard
      on.hasOthers(than: engine) || services.contains(where: { $0.hasOthers(than: engine) })
        || machine?.on.hasOthers(than: engine) == true
    else { return self }
    var workload = self
    workload.on = on.narrowed(to: engine)
    for index in services.indices { workload.services[index] = services[index].narrowed(to: engine) }
    if let machine { workload.machine?.on = machine.on.narrowed(to: engine) }
    return workload
  }
}

extension Workload {
  /// What the workload itself says on an engine, as far as it is compared; `nil` if that is nothing.
  public func workloadBlockEssence(on engine: EngineFields?) -> Value? {
    guard !on.isEmpty else { return nil }
    var alone = Workload()
    alone.on = on
    return alone.essence(on: engine)["on"]
  }
}

extension Service {
  /// Whether anything in it is said on another engine.
  fileprivate func hasOthers(than engine: String) -> Bool {
    self.on.hasOthers(than: engine) || volumes.contains { $0.on.hasOthers(than: engine) }
      || ports.contains { $0.on.hasOthers(than: engine) }
  }

  /// The service as it concerns one engine; see ``Workload/narrowed(to:)``.
  fileprivate func narrowed(to engine: String) -> Service {
    guard hasOthers(than: engine) else { return self }
    var service = self
    service.on = self.on.narrowed(to: engine)
    for index in volumes.indices { service.volumes[index].on = volumes[index].on.narrowed(to: engine) }
    for index in ports.indices { service.ports[index].on = ports[index].on.narrowed(to: engine) }
    return service
  }
}

extension Workload {
  /// What can't be read of the blocks of an engine, such as fields that a newer berth recorded. A spec's blocks were
  /// checked when it was read; this is for what comes from elsewhere.
  public func blockProblems(on engine: EngineFields) -> Diagnostics {
    var diagnostics = Diagnostics()
    func check(_ blocks: EngineBlocks, at place: EnginePlace, _ owner: String) {
      guard let fields = blocks[engine.engine] else { return }
      let source = SourceFile(
        name: "`on` of \(owner)", text: CanonicalJSON.compact(.map([.init(engine.engine, fields)])))
      guard let root = YAMLReader.read(source, into: &diagnostics).documents.first else { return }
      var decoder = SpecDecoder()
      decoder.engines = [engine]
      _ = EngineBlocks.read(root, at: place, by: &decoder)
      diagnostics.append(contentsOf: decoder.diagnostics)
    }
    check(on, at: .workload, "workload `\(name)`")
    if let machine { check(machine.on, at: .machine, "the machine of workload `\(name)`") }
    for service in services {
      check(service.on, at: .service, "service `\(service.name)`")
      for volume in service.volumes {
        check(volume.on, at: .volume, "volume `\(volume.name)` of service `\(service.name)`")
      }
      for port in service.ports {
        check(port.on, at: .port, "port \(port.identity) of service `\(service.name)`")
      }
    }
    return diagnostics
  }
}
