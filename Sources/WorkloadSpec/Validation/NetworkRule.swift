import Diagnostics

/// What a service says of its network goes with the network that it is in.
enum NetworkRule {
  static func check(_ service: Service, _ places: SpecPlaces, _ diagnostics: inout Diagnostics) {
    guard !service.$network.isUnset else { return }
    let network = service.network
    guard network.mode != .instance else { return }
    let mode = network.mode.rawValue
    func report(_ field: String, _ message: String, help: String) {
      diagnostics.report(
        .networkField, "`\(service.name)` has the network mode `\(mode)`, \(message)",
        at: places.place(of: service, "network", field), help: help)
    }
    if !network.aliases.elements.isEmpty {
      report("aliases", "in which it has no names of its own", help: "leave out `aliases`")
    }
    if !network.join.isEmpty {
      report("join", "and can be in no other network", help: "leave out `join`, or `mode`")
    }
    for port in service.ports {
      let problem: (String, help: String)?
      switch network.mode {
      case .none: problem = ("so that no port of it can be reached", "leave out `ports`, or `mode`")
      case .host where port.host.map { $0 != port.container } == true || port.address != nil:
        problem = (
          "so that it listens on the machine's port \(port.container) itself",
          "leave out `host` and `address`"
        )
      default: problem = nil
      }
      guard let problem else { continue }
      diagnostics.report(
        .networkField, "`\(service.name)` has the network mode `\(mode)`, \(problem.0)",
        at: places.place(of: port, in: "ports", of: service), help: problem.help)
    }
  }
}
