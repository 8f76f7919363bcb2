#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// What every process of a service is started in: its folder, its environment, its control groups and its mounts.
struct Surroundings {
  /// The service's root, which is the working directory unless another one is stated.
  let root: String
  /// How the service is run.
  let definition: RunningDefinition
  /// `NAME=value` texts that hold secrets.
  let secretEnvironment: [[UInt8]]
  /// The control groups, if there are any.
  let group: ServiceGroup?
  /// The mount namespace in which its volumes are; `nil` where they are links.
  let mounts: MountNamespace?
  /// The network and the host name that it has for itself; `nil` for the machine's own.
  let spaces: ServiceSpaces?

  /// Where its processes start.
  private var directory: String {
    let parts = (definition.conditions.workingDir ?? "/").split(separator: "/").filter { $0 != "." }
    return ([root] + parts.map(String.init)).joined(separator: "/")
  }

  /// Starts a program by the first word of a command, as a shell finds it.
  ///
  /// - Parameter terminal: what kind of terminal it gets, unless the service's environment says that itself.
  func start(
    _ command: [String], _ streams: Spawn.Streams = Spawn.Streams(), terminal: String? = nil
  ) throws(Spawn.Failure) -> pid_t {
    var variables = definition.environment
    if let terminal, !variables.contains(where: { $0.hasPrefix("TERM=") }) {
      variables.append("TERM=\(terminal)")
    }
    let path = variables.first { $0.hasPrefix("PATH=") }?.dropFirst(5) ?? ""
    let name = command.first ?? ""
    let search = ProgramSearch(name, path: String(path), directory: directory)
    let conditions =
      definition.conditions.isUnset ? nil : try Spawn.Conditions(definition.conditions, in: spaces)
    let members: [OwnedDescriptor]
    do { members = try group?.openMembers() ?? [] } catch {
      throw Spawn.Failure(groupReason: error.description)
    }
    return try withExtendedLifetime(members) { () throws(Spawn.Failure) in
      try Spawn(
        name: name, candidates: search.candidates, isSearch: search.isSearch,
        arguments: command.map { Array($0.utf8) },
        environment: variables.map { Array($0.utf8) } + secretEnvironment,
        directory: directory, streams: streams, groups: members.map(\.value), mounts: mounts,
        conditions: conditions
      ).start()
    }
  }
}
