import WorkloadSpec

/// How the tasks of an instance are connected with each other and with their node.
struct InstanceNetwork: Sendable, Equatable {
  /// As Nomad calls it: `bridge`, `host`, `none` or `cni/NAME`.
  let mode: String
  let driver: NomadDriver

  /// The network that a workload states.
  init(_ stated: String?, _ driver: NomadDriver) {
    mode = stated ?? (driver == .rawExec ? "host" : "bridge")
    self.driver = driver
  }

  /// Whether the tasks of an instance share a network of their own, so that each finds the others at its loopback address.
  var isShared: Bool { mode == "bridge" || mode.hasPrefix("cni/") }

  /// Whether a service listens on the port of the node itself, which its variables tell, and not on the one that the spec states.
  func listensOnNode(_ service: Service) -> Bool {
    !isShared && !driver.runsImages && service.network.mode == .instance
  }

  /// Whether a service is in the network of its node.
  static func isOfHost(_ service: Service) -> Bool {
    !service.$network.isUnset && service.network.mode == .host
  }

  /// The network that the instances of some services have: that of their node where all of them are in it.
  func mode(of services: [Service]) -> String {
    let modes = Set(services.map(\.network.mode))
    if modes == [.host] { return "host" }
    return modes == [.none] && driver.runsImages ? "none" : mode
  }
}
