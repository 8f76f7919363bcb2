import Diagnostics
import Planning
import ProviderKit
import WorkloadSpec

extension ContainerTable {
  /// What a person should know before a workload runs as containers, as far as the spec and the engine's facts tell.
  func findings(on workload: Workload) -> Diagnostics {
    var diagnostics = Diagnostics()
    for service in workload.services { Self.check(service, &diagnostics) }
    diagnostics.append(contentsOf: table.notes(on: workload))
    return diagnostics
  }

  /// The least memory that an engine lets a container have, in bytes.
  private static let leastMemory: Int64 = 6 << 20

  private static func check(_ service: Service, _ diagnostics: inout Diagnostics) {
    if service.image == nil {
      diagnostics.report(
        .providerRefuses, "service `\(service.name)` has no `image`, which containers are made from",
        help: "add an `image`")
    }
    if service.security.readOnlyRoot {
      let paths = service.configFiles.map(\.path) + service.secrets.flatMap(\.filePaths)
      for path in paths where !service.volumes.contains(where: { $0.takes(path) }) {
        diagnostics.report(
          .providerRefuses,
          "the file `\(path)` of service `\(service.name)` can't be put into a root file system that is read-only",
          help: "mount a volume of type `ephemeral` at the folder that it is in")
      }
    }
    if service.resources.swap != nil, service.resources.memory == nil {
      diagnostics.report(
        .providerRefuses,
        "service `\(service.name)` limits what it may swap, and not its memory, which Docker refuses",
        help: "add `memory` to its `resources`")
    }
    if let memory = service.resources.memory, memory.bytes < leastMemory {
      diagnostics.report(
        .providerRefuses, "service `\(service.name)` is limited to \(memory) of memory, which Docker refuses",
        help: "give it \(ByteQuantity(bytes: leastMemory)) or more")
    }
  }
}
