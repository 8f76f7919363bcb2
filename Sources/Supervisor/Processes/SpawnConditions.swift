import CProcess

extension Spawn.Conditions {
  /// What a service's conditions come to on this machine.
  ///
  /// - Parameter spaces: the network and the host name that the service has for itself.
  /// - Throws: `Spawn.Failure` for a limit that this system does not have.
  init(_ conditions: ProcessConditions, in spaces: ServiceSpaces?) throws(Spawn.Failure) {
    identity = conditions.identity
    noNewPrivileges = conditions.noNewPrivileges
    oomScore = conditions.oomScore
    processors = conditions.cpuset.flatMap { ProcessorList($0) }
    self.spaces = spaces
    if !conditions.addedCapabilities.isEmpty || !conditions.droppedCapabilities.isEmpty {
      let dropped = CapabilityName.bits(conditions.droppedCapabilities)
      let all = conditions.addedCapabilities.contains("ALL")
      let added =
        all ? OwnRights.current.capabilities : CapabilityName.bits(conditions.addedCapabilities)
      capabilities = (bounding: ~dropped | added, ambient: added)
    }
    for limit in conditions.ulimits {
      let number = berth_limit_number(limit.name)
      guard number >= 0 else {
        throw Spawn.Failure(
          message: "can't set its `ulimits`: this system has no limit `\(limit.name)`", exitCode: 126)
      }
      limits.append(
        berth_limit(
          resource: number, soft: UInt64(bitPattern: Int64(limit.soft)),
          hard: UInt64(bitPattern: Int64(limit.hard ?? limit.soft))))
    }
  }
}
