import WorkloadSpec

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// What every process of a service is started in: its folder, its environment and its control groups.
struct Surroundings {
  /// The service's root, which is the working directory.
  let root: String
  /// How the service is run.
  let definition: ServiceDefinition
  /// The control groups, if there are any.
  let group: ServiceGroup?

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
    guard let name = command.first,
      let program = ProgramSearch.find(name, path: String(path), directory: root)
    else {
      throw Spawn.Failure(message: "can't execute \(command.first ?? ""): no such program", exitCode: 127)
    }
    let members: [OwnedDescriptor]
    do { members = try group?.openMembers() ?? [] } catch {
      throw Spawn.Failure(groupReason: error.description)
    }
    return try withExtendedLifetime(members) { () throws(Spawn.Failure) in
      try Spawn(
        program: program, arguments: command.map { Array($0.utf8) },
        environment: variables.map { Array($0.utf8) } + definition.secretEnvironment, directory: root,
        streams: streams, groups: members.map(\.value)
      ).start()
    }
  }
}
