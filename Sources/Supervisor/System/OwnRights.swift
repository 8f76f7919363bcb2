#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// What this process may do, which is what the supervisors that it starts may do.
package struct OwnRights: Equatable, Sendable {
  /// The user that it runs as.
  package var user: UInt32
  /// The group that it runs as.
  package var group: UInt32
  /// All groups that it is in.
  package var groups: Set<UInt32>
  /// Its effective capabilities, each a bit; where the system has none, root has all and others have none.
  package var capabilities: UInt64

  /// Those of this process, now.
  package static var current: OwnRights {
    var groups = [gid_t](repeating: 0, count: Int(max(0, getgroups(0, nil))))
    let count = getgroups(Int32(groups.count), &groups)
    let user = geteuid()
    let status = (try? Files.read("/proc/self/status")).flatMap { $0 } ?? []
    let effective = String(decoding: status, as: UTF8.self).split(separator: "\n").first {
      $0.hasPrefix("CapEff:")
    }
    let capabilities = effective?.split(separator: "\t").last.flatMap { UInt64($0, radix: 16) }
    return OwnRights(
      user: user, group: getegid(), groups: Set(groups.prefix(Int(max(0, count)))).union([getegid()]),
      capabilities: capabilities ?? (user == 0 ? .max : 0))
  }

  /// Whether it has a capability, by its name without `CAP_`.
  package func has(_ capability: String) -> Bool {
    CapabilityName.bits(capability).map { capabilities & $0 == $0 } ?? false
  }

  /// Whether it may start processes as another user, or in other groups.
  package var mayChangeUser: Bool { has("SETUID") && has("SETGID") }

  /// Whether it may give a file to a user and a group (chown(2)).
  package func mayGive(to owner: FileOwner) -> Bool {
    has("CHOWN") || owner.user == user && groups.contains(owner.group)
  }
}
