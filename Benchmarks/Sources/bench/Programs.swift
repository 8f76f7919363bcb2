/// What is measured, and with which programs.
struct Programs {
  /// A release build of berth.
  private(set) var berth: String?
  /// Docker compose's plugin, which also runs alone.
  private(set) var compose: String?
  /// The address of a Docker engine, a socket.
  private(set) var engine: String?
  /// The program kubectl.
  private(set) var kubectl: String?
  /// The kubeconfig of a cluster.
  private(set) var kubeconfig: String?
  /// The program nomad.
  private(set) var nomad: String?
  /// The address of an agent of Nomad.
  private(set) var nomadAddress: String?
  /// Where the history of workloads on it is, if it keeps none.
  private(set) var nomadStore: String?
  /// The sections that are asked for; empty for all.
  private var sections: Set<String> = []

  init(_ arguments: some Sequence<String>) {
    var option: String?
    for argument in arguments {
      switch option {
      case "--berth": berth = argument
      case "--compose": compose = argument
      case "--engine": engine = argument
      case "--kubectl": kubectl = argument
      case "--kubeconfig": kubeconfig = argument
      case "--nomad": nomad = argument
      case "--nomad-address": nomadAddress = argument
      case "--nomad-store": nomadStore = argument
      default:
        if !argument.hasPrefix("-") { sections.insert(argument) }
      }
      option = option == nil && argument.hasPrefix("-") ? argument : nil
    }
  }

  /// Whether a section is asked for.
  func wants(_ section: String) -> Bool { sections.isEmpty || sections.contains(section) }
}
