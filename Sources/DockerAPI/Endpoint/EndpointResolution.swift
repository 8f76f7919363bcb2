extension DockerEndpoint {
  /// Finds the engine as the docker client does. The first of these that is given decides:
  ///
  /// 1. the address, or the name of a docker context, that is asked for;
  /// 2. `DOCKER_HOST`, with `DOCKER_CERT_PATH` and `DOCKER_TLS_VERIFY`;
  /// 3. the docker context that `DOCKER_CONTEXT` names, or the one in use (`docker context use`);
  /// 4. the socket of this machine, ``standard``.
  ///
  /// - Parameters:
  ///   - host: an address; see ``init(host:tls:)``.
  ///   - tls: the files for an address of `tcp://`.
  ///   - context: the name of a docker context.
  ///   - environment: the environment of the program.
  /// - Throws: ``DockerError`` if what decides can't be used.
  package static func resolve(
    host: String? = nil, tls: DockerTLS? = nil, context: String? = nil, environment: [String: String]
  ) throws -> DockerEndpoint {
    func variable(_ name: String) -> String? { environment[name].flatMap { $0.isEmpty ? nil : $0 } }

    if let host {
      guard context == nil else {
        throw DockerError("an engine is named by an address or by a docker context, not by both")
      }
      return try DockerEndpoint(host: host, tls: tls)
    }
    if context == nil, let host = variable("DOCKER_HOST") {
      let folder = variable("DOCKER_CERT_PATH")
      let verifies = variable("DOCKER_TLS_VERIFY") != nil
      guard folder != nil || verifies || variable("DOCKER_TLS") != nil else {
        return try DockerEndpoint(host: host)
      }
      let files = try folder ?? DockerConfig.load(environment: environment).folder
      return try DockerEndpoint(host: host, tls: DockerTLS(folder: files, verifies: verifies))
    }
    let config = try DockerConfig.load(environment: environment)
    let name = context ?? variable("DOCKER_CONTEXT") ?? config.file.currentContext ?? ""
    // This is what the docker client calls its own absence of a context.
    if name.isEmpty || name == "default" { return .standard }
    return try DockerContext(named: name, of: config).endpoint
  }
}
