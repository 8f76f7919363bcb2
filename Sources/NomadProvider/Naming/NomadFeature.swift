import ProviderKit

/// What servers and clients have from a version on, and berth makes use of where it is.
enum NomadFeature: CaseIterable {
  /// A name of its own for an instance's network.
  case hostnames
  /// Services whose names Nomad itself keeps.
  case nativeServices
  /// Checks of such services.
  case nativeChecks
  /// Variables, which hold secrets and the history.
  case variables
  /// `*` for all datacenters.
  case anyDatacenter
  /// Pools of nodes.
  case nodePools
  /// Owners of rendered files.
  case fileOwners
  /// Further groups of a container's user.
  case groups
  /// How soon a container is ended when memory runs out.
  case oomScore
  /// Where a process without a container starts.
  case workingDir

  /// The first version of Nomad 1 that has it.
  var since: (minor: Int, patch: Int) {
    switch self {
    case .hostnames: (1, 5)
    case .nativeServices: (3, 0)
    case .nativeChecks, .variables, .fileOwners: (4, 0)
    case .anyDatacenter: (5, 0)
    case .nodePools, .groups: (6, 0)
    case .oomScore: (8, 1)
    case .workingDir: (9, 2)
    }
  }

  /// Why a server of another version lacks it.
  func obstacle(_ version: String) -> String {
    let words =
      switch self {
      case .hostnames: "gives instances no name of their own"
      case .nativeServices: "keeps no names of services"
      case .nativeChecks: "makes no checks of its own"
      case .variables: "has no variables"
      case .anyDatacenter: "takes no `*` for all datacenters"
      case .nodePools: "has no pools of nodes"
      case .fileOwners: "gives all files that it renders to root"
      case .groups: "gives a container's user no further groups"
      case .oomScore: "does not say how soon a container is ended when memory runs out"
      case .workingDir: "starts processes in the folder of their task"
      }
    return "Nomad \(version) \(words); 1.\(since.minor)\(since.patch == 0 ? "" : ".\(since.patch)") does"
  }
}

extension EngineFacts {
  /// Why the servers lack something; `nil` if they have it.
  func obstacle(to feature: NomadFeature) -> String? { has(feature) ? nil : feature.obstacle(version) }

  /// Whether the servers have something. Those of unknown version have everything.
  func has(_ feature: NomadFeature) -> Bool {
    let parts = version.split { $0 == "." || $0 == "-" || $0 == "+" }.prefix(3).map { Int($0) }
    guard parts.count >= 2, let major = parts[0], let minor = parts[1] else { return true }
    let patch = parts.count > 2 ? parts[2] ?? 0 : 0
    return (major, minor, patch) >= (1, feature.since.minor, feature.since.patch)
  }
}
