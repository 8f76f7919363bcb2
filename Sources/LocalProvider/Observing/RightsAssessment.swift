import CProcess
import Diagnostics
import Planning
import Supervisor
import WorkloadSpec

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Whether berth has the right to run services as their spec asks, and whether who they run as can use what they are
/// given.
struct RightsAssessment {
  let layout: Layout
  let key: WorkloadKey
  /// What supervisors may do.
  let rights: OwnRights

  func assess(_ workload: Workload) -> Diagnostics {
    var diagnostics = Diagnostics()
    for service in workload.services {
      checkUser(of: service, workload, &diagnostics)
      checkOwners(of: service, &diagnostics)
      checkLimits(of: service, &diagnostics)
      checkCapabilities(of: service, &diagnostics)
    }
    return diagnostics
  }

  // MARK: Users

  private func checkUser(of service: Service, _ workload: Workload, _ diagnostics: inout Diagnostics) {
    let identity: ProcessIdentity?
    do { identity = try ProcessIdentity.needed(by: service, rights) } catch {
      let help =
        switch error {
        case .notAllowed: "let root apply it, or leave out `user` and `groups`"
        case .unknownUser: "make the user, or write a number or the name of another"
        case .unknownGroup: "make the group, or write a number or the name of another"
        }
      let code: DiagnosticCode = if case .notAllowed = error { .missingRight } else { .unknownAccount }
      diagnostics.report(code, "service `\(service.name)` \(error.words)", help: help)
      return
    }
    guard let identity else { return }
    if let folder = Self.obstacle(above: layout.home, for: identity) {
      let way =
        Files.exists(folder)
        ? "run `chmod o+x \(folder)`" : "run `mkdir -m 711 \(folder)` before berth makes it for itself"
      diagnostics.report(
        .missingRight,
        "service `\(service.name)` runs as user \(identity.user), who can't pass through \(folder) to the service's folder",
        help: "set `BERTH_HOME` to a folder that all users can reach, or \(way)")
    }
    for volume in service.volumes where volume.type == .persistent {
      let ordinal = workload.kind.hasStableInstances ? 0 : nil
      let folder = layout.volume(volume.name, ordinal: ordinal, of: key).data
      var status = stat()
      guard stat(folder, &status) == 0, !Self.mayWrite(status, identity),
        (try? Files.names(in: folder).isEmpty) == false
      else { continue }
      diagnostics.report(
        .providerNote,
        "the volume `\(volume.name)` belongs to user \(status.st_uid), and service `\(service.name)` runs as user \(identity.user)",
        help:
          "berth gives away no volume that holds something: `chown -R \(identity.user):\(identity.group) \(folder)`"
      )
    }
  }

  /// The outermost folder above a path that a user can't pass through, as far as the folders are there.
  private static func obstacle(above path: String, for identity: ProcessIdentity) -> String? {
    guard identity.user != 0 else { return nil }
    var folder = ""
    for part in path.dropLastPart.split(separator: "/") {
      folder += "/\(part)"
      var status = stat()
      guard stat(folder, &status) == 0 else {
        // Berth makes it for itself alone.
        return folder
      }
      if !has(0o1, status, identity) { return folder }
    }
    return nil
  }

  private static func mayWrite(_ status: stat, _ identity: ProcessIdentity) -> Bool {
    identity.user == 0 || has(0o3, status, identity)
  }

  private static func has(_ permissions: mode_t, _ status: stat, _ identity: ProcessIdentity) -> Bool {
    let shift: mode_t =
      if status.st_uid == identity.user {
        6
      } else if status.st_gid == identity.group || identity.groups.contains(status.st_gid) {
        3
      } else {
        0
      }
    return status.st_mode >> shift & permissions == permissions
  }

  // MARK: Files

  private func checkOwners(of service: Service, _ diagnostics: inout Diagnostics) {
    let files =
      service.configFiles.map { ("config file `\($0.name)`", $0.owner) }
      + service.secrets.map { ("secret `\($0.key)`", $0.owner) }
    for (what, owner) in files {
      guard let owner, let number = NumericOwner(owner), !rights.mayGive(to: FileOwner(number)) else {
        continue
      }
      diagnostics.report(
        .missingRight,
        "the \(what) of service `\(service.name)` is to belong to `\(owner)`, and berth has not the right to give files away",
        help: "let root apply it, or leave out `owner`")
    }
  }

  // MARK: Limits

  private func checkLimits(of service: Service, _ diagnostics: inout Diagnostics) {
    func report(_ message: String, help: String) {
      diagnostics.report(.missingRight, "service `\(service.name)` \(message)", help: help)
    }
    for limit in service.resources.ulimits {
      guard let most = Self.most(limit.name) else {
        report("limits `\(limit.name)`, which this system does not know", help: "leave it out here")
        continue
      }
      let wanted = UInt64(bitPattern: Int64(limit.ceiling))
      guard wanted > most, !rights.has("SYS_RESOURCE") || limit.name == "nofile" && wanted > Self.mostFiles
      else {
        continue
      }
      report(
        "may have a limit `\(limit.name)` of \(Self.words(wanted)), and berth has not the right to give more than \(Self.words(rights.has("SYS_RESOURCE") ? Self.mostFiles : most))",
        help: "write a lower `hard`, or let a user apply it who has more")
    }
    if let score = service.resources.oomScore, score < Self.oomScore, !rights.has("SYS_RESOURCE") {
      report(
        "has an `oomScore` of \(score), and berth has not the right to go below its own, which is \(Self.oomScore)",
        help: "write a higher one, or let root apply it")
    }
    if let text = service.resources.cpuset, let own = ProcessorList.own {
      let missing = (ProcessorList(text)?.numbers ?? [.max]).subtracting(own.numbers)
      if let first = missing.min() {
        report(
          "may run on the processors `\(text)`, and "
            + (first == .max
              ? "no machine has so many" : "processor \(first) is none that berth may use here"),
          help: "name processors that are there: `nproc` counts them")
      }
    }
  }

  /// The most that this process can give of a limit; `nil` if the system has no such limit.
  private static func most(_ name: String) -> UInt64? {
    let number = berth_limit_number(name)
    guard number >= 0 else { return nil }
    var limit = rlimit()
    #if canImport(Glibc)
      let result = getrlimit(__rlimit_resource_t(UInt32(number)), &limit)
    #else
      let result = getrlimit(number, &limit)
    #endif
    guard result == 0 else { return nil }
    return limit.rlim_max == rlim_t.max ? .max : UInt64(limit.rlim_max)
  }

  private static func words(_ limit: UInt64) -> String { limit == .max ? "-1 (without limit)" : "\(limit)" }

  /// The most files that any process may have open, whatever rights it has.
  private static var mostFiles: UInt64 { GroupFile.number("/proc/sys/fs/nr_open") ?? .max }

  private static var oomScore: Int {
    GroupFile.words("/proc/self/oom_score_adj").first.flatMap { Int($0) } ?? 0
  }

  // MARK: Capabilities

  private func checkCapabilities(of service: Service, _ diagnostics: inout Diagnostics) {
    guard !service.$security.isUnset else { return }
    let capabilities = service.security.capabilities
    for name in capabilities.add.elements + capabilities.drop.elements where CapabilityName.bits(name) == nil
    {
      diagnostics.report(
        .missingRight,
        "service `\(service.name)` names the capability `\(name)`, which this system does not know",
        help: Suggestion.help(for: name, among: CapabilityName.all) ?? "see capabilities(7) for their names")
    }
    for name in capabilities.add.elements {
      guard let bits = CapabilityName.bits(name), name != "ALL", rights.capabilities & bits != bits else {
        continue
      }
      diagnostics.report(
        .missingRight, "service `\(service.name)` adds the capability `\(name)`, which berth itself has not",
        help: "let a user apply it who has it, or leave it out")
    }
  }
}
