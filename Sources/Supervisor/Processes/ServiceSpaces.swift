import CProcess

/// A network and a host name that a service has for itself. They end with the last process in them and the supervisor
/// that holds them.
final class ServiceSpaces: Sendable {
  /// The network, in which nothing but a loopback is; `nil` for the machine's own.
  let network: OwnedDescriptor?
  /// The host name; `nil` for the machine's own.
  let hostName: OwnedDescriptor?

  /// Makes those that are wanted.
  init(wantsNetwork: Bool, hostName: String?) throws(SystemError) {
    var (network, name): (Int32, Int32) = (-1, -1)
    let code =
      hostName.map { berth_make_spaces(wantsNetwork ? 1 : 0, $0, &network, &name) }
      ?? berth_make_spaces(wantsNetwork ? 1 : 0, nil, &network, &name)
    if code != 0 { throw SystemError("make a network or a host name of its own", code: code) }
    self.network = network < 0 ? nil : OwnedDescriptor(network)
    self.hostName = name < 0 ? nil : OwnedDescriptor(name)
  }

  /// Those that a service needs; `nil` if it is in the machine's own.
  static func needed(by conditions: ProcessConditions) throws(Spawn.Failure) -> ServiceSpaces? {
    guard conditions.needsSpaces else { return nil }
    do {
      return try ServiceSpaces(wantsNetwork: conditions.network == .none, hostName: conditions.hostname)
    } catch {
      throw Spawn.Failure(message: "can't \(error)", exitCode: 126)
    }
  }
}
