import Diagnostics
import Planning
import Supervisor
import WorkloadSpec

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Whether the paths of binds can be used, and whether something is to lie in what berth does not make.
struct BindAssessment {
  let layout: Layout
  let key: WorkloadKey

  func assess(_ workload: Workload) -> Diagnostics {
    var diagnostics = Diagnostics()
    for service in workload.services where service.volumes.contains(where: { !$0.type.isMade }) {
      for volume in service.volumes where volume.type == .bind {
        guard let source = volume.source, let problem = Self.problem(of: source) else { continue }
        diagnostics.report(
          .badBindSource,
          "the volume `\(volume.name)` of service `\(service.name)` is a bind of \(source), \(problem)",
          help: "write the path of a folder or a regular file that is there")
      }
      checkWhatLiesWithin(service, workload, &diagnostics)
    }
    return diagnostics
  }

  /// Why a path can't be used, in words that follow it.
  private static func problem(of source: String) -> String? {
    var status = stat()
    guard stat(source, &status) == 0 else {
      let code = errno
      return code == ENOENT
        ? "and nothing is there" : "which can't be looked at: \(SystemError.text(for: code))"
    }
    return switch status.st_mode & S_IFMT {
    case S_IFDIR, S_IFREG: nil
    case S_IFSOCK: "which is a socket"
    case S_IFIFO: "which is a pipe"
    case S_IFBLK, S_IFCHR: "which is a device"
    default: "which is neither a folder nor a regular file"
    }
  }

  /// Berth makes nothing in a folder of the machine, and memory is empty when a service starts.
  private func checkWhatLiesWithin(
    _ service: Service, _ workload: Workload, _ diagnostics: inout Diagnostics
  ) {
    let places = layout.volumePlaces(of: service, in: workload, InstanceID(0), of: key)
    let volumes = service.volumes.map { ("the volume `\($0.name)`", $0.mountPath) }
    let files =
      service.configFiles.map { ("the config file `\($0.name)`", $0.path) }
      + service.secrets.flatMap { secret in secret.filePaths.map { ("the secret `\(secret.key)`", $0) } }
    for (what, path) in volumes + files {
      // A file at the very place of a volume lies in it, too.
      let around =
        places.volume(around: path)
        ?? places.all.first { !volumes.contains { $0.1 == path } && $0.path == places.parts(path) }
      guard let around, around.kind != .made else { continue }
      let reason =
        around.isMemory ? "which is empty when a service starts" : "in which berth makes nothing"
      diagnostics.report(
        .providerRefuses,
        "\(what) of service `\(service.name)` is at \(path), within the volume `\(around.name)`, \(reason)",
        help: "choose a path outside of that volume")
    }
  }
}
