import Wire

extension NomadAccess {
  /// Finds the cluster: by what the options say, and where they say nothing, by the variables that `nomad` heeds:
  /// `NOMAD_ADDR`, `NOMAD_REGION`, `NOMAD_NAMESPACE`, `NOMAD_TOKEN`, `NOMAD_CACERT`, `NOMAD_CLIENT_CERT`,
  /// `NOMAD_CLIENT_KEY`, `NOMAD_TLS_SERVER_NAME` and `NOMAD_SKIP_VERIFY`. Without an address it is
  /// `http://127.0.0.1:4646`. A proxy comes from `HTTPS_PROXY` or `HTTP_PROXY`, as far as `NO_PROXY` does not name the
  /// agent.
  ///
  /// - Parameters:
  ///   - environment: the environment of the program.
  ///   - source: where the options were read, for messages.
  /// - Throws: ``NomadError`` if what decides can't be used.
  package static func resolve(
    _ options: NomadOptions, environment: [String: String], source: String
  ) throws -> NomadAccess {
    func variable(_ name: String) -> String? { environment[name].flatMap { $0.isEmpty ? nil : $0 } }
    func file(_ name: String) -> KeyMaterial? { variable(name).map { .file($0) } }

    let server = try server(options.address, variable("NOMAD_ADDR"), source: source)
    let (certificate, key) = (
      options.certificate ?? file("NOMAD_CLIENT_CERT"), options.key ?? file("NOMAD_CLIENT_KEY")
    )
    guard (certificate == nil) == (key == nil) else {
      throw NomadError(
        certificate == nil
          ? "\(source): a client key is named without its certificate"
          : "\(source): a client certificate is named without its key",
        help: "name both: in the target, or by NOMAD_CLIENT_CERT and NOMAD_CLIENT_KEY")
    }
    let verifies = try options.verifies ?? !isOn("NOMAD_SKIP_VERIFY", variable("NOMAD_SKIP_VERIFY"))
    let namespace = options.namespace ?? variable("NOMAD_NAMESPACE") ?? "default"
    guard namespace != "*" else {
      throw NomadError(
        "\(source): the namespace \"*\" means all, and a job is in one",
        help: "name one namespace, in the target or by NOMAD_NAMESPACE")
    }
    var access = NomadAccess(
      server: server,
      trust: ServerTrust(
        authorities: options.authorities ?? file("NOMAD_CACERT"),
        serverName: options.serverName ?? variable("NOMAD_TLS_SERVER_NAME"), verifies: verifies),
      certificate: certificate, key: key, token: options.token ?? variable("NOMAD_TOKEN"),
      region: options.region ?? variable("NOMAD_REGION"), namespace: namespace, source: source)
    do throws(WireProblem) {
      access.proxy = try ProxyEnvironment(environment).proxy(for: server)
    } catch {
      throw NomadError(error)
    }
    return access
  }

  private static func server(
    _ option: String?, _ variable: String?, source: String
  ) throws -> ServerAddress {
    let text = option ?? variable ?? "http://127.0.0.1:4646"
    do throws(ServerAddress.Failure) {
      return try ServerAddress(text, schemes: [.http, .https])
    } catch {
      let place = option == nil ? "NOMAD_ADDR" : "\(source): the address"
      throw NomadError(
        "\(place) \"\(ServerAddress.withoutLogin(text))\" can't be used: \(error.message)",
        help: "write it like https://nomad.example.com:4646")
    }
  }

  /// A switch as `nomad` reads it.
  private static func isOn(_ name: String, _ text: String?) throws -> Bool {
    switch text?.lowercased() {
    case nil, "0", "f", "false": false
    case "1", "t", "true": true
    case let text?:
      throw NomadError("\(name) is \"\(text)\", and must be true or false", help: "set it to true or false")
    }
  }
}
