import Diagnostics
import Planning
import ProviderKit
import Supervisor
import WorkloadSpec

/// What a person should know before a workload runs as local processes, as far as only the machine can tell.
struct Assessment {
  let layout: Layout
  /// The folders that are searched for programs.
  let path: String
  /// What is true now.
  let observation: Observation
  private var diagnostics = Diagnostics()

  /// An assessment against what is true now.
  init(layout: Layout, path: String, observation: Observation) {
    self.layout = layout
    self.path = path
    self.observation = observation
  }

  /// Assesses a workload.
  ///
  /// - Parameter digestKey: the key of the digests of what holds secrets, if there is one yet.
  mutating func assess(_ workload: Workload, as key: WorkloadKey, digestKey: [UInt8]? = nil) -> Diagnostics {
    diagnostics.append(
      contentsOf: VolumeAssessment(layout: layout, key: key, workload: workload, digestKey: digestKey)
        .assess(observation))
    for service in workload.services {
      checkCommand(of: service, root: layout.instance(InstanceID(0), of: key).root(of: service.name))
      checkPorts(of: service)
    }
    diagnostics.append(
      contentsOf: RightsAssessment(layout: layout, key: key, rights: .current).assess(workload))
    diagnostics.append(contentsOf: BindAssessment(layout: layout, key: key).assess(workload))
    return diagnostics
  }

  private mutating func checkCommand(of service: Service, root: String) {
    guard let first = service.command.first else { return }
    let texts = ServiceTexts(root: root)
    let name = texts.fill(first)
    // Whether a file under the service's root exists is decided only when the service starts.
    let isUnderRoot = name.hasPrefix(root) || (name.utf8.contains(UInt8(ascii: "/")) && !name.hasPrefix("/"))
    guard !isUnderRoot else { return }
    let path = service.env["PATH"].map(texts.fill) ?? path
    let problem: String
    switch ProgramSearch(name, path: path, directory: root).finding {
    case .executable: return
    case .notExecutable: problem = "which may not be executed"
    case .missing: problem = "which is not a program on this machine"
    }
    diagnostics.report(
      .providerRefuses, "service `\(service.name)` runs `\(name)`, \(problem)",
      help: name.hasPrefix("/")
        ? "install it, or correct the path" : "install it, write its whole path, or set `PATH` in `env`")
  }

  private mutating func checkPorts(of service: Service) {
    let own = Set(observation.instances.flatMap(\.services).flatMap(\.endpoints).map(\.hostPort))
    for port in service.ports {
      guard let host = port.host, !own.contains(host),
        !HostPorts.isFree(host, .init(spelledLike: port.protocol))
      else {
        continue
      }
      let holder = owner(of: host) ?? HostPorts.holder(of: host)
      diagnostics.report(
        .portTaken,
        "host port \(host)/\(port.protocol.rawValue) of service `\(service.name)` is in use"
          + (holder.map { " by \($0)" } ?? ""),
        help: "choose another `host` port, or leave it out to have one assigned")
    }
  }

  /// The service of another workload that was given a port.
  private func owner(of port: Int) -> String? {
    for name in (try? Files.names(in: layout.instances)) ?? [] where !name.hasPrefix(".") {
      let folder = InstanceFolder(path: "\(layout.instances)/\(name)")
      guard let record = try? InstanceRecord.read(folder.state) else { continue }
      for service in record.services where service.process != nil {
        if service.ports.contains(where: { $0.host == port }) {
          return "service `\(service.name)` of workload `\(record.key)`"
        }
      }
    }
    return nil
  }
}
