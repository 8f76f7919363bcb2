import Planning
import WorkloadSpec

extension ServiceEnvironment {
  /// The variables of a service without a secret in them: those of its spec, and berth's own. They need the value of no secret.
  ///
  /// - Parameters:
  ///   - ports: the ports of the spec, each with the number that the service is told.
  ///   - texts: how texts are filled in.
  ///   - root: what `BERTH_ROOT` says.
  package static func open(
    of service: Service, ports: [(container: Int, told: Int)], texts: ServiceTexts, root: String,
    _ context: ActionContext
  ) -> StringMap {
    let secret = service.secretVariables
    var open = service
    open.secrets = []
    open.env = StringMap(
      service.env.entries.filter { !secret.contains($0.key) }.map { (key: $0.key, value: $0.value) })
    // Nothing is secret in it, so that nothing can be missing.
    let environment = try? ServiceEnvironment(
      of: open, in: InstanceID(0), ports: ports, texts: texts, root: root, context)
    return environment?.plain ?? StringMap()
  }
}

extension Service {
  /// The names of its variables with a secret in them.
  package var secretVariables: Set<String> {
    Set(self.env.entries.filter(\.holdsSecrets).map(\.key)).union(
      self.secrets.filter { $0.type == .env }.map(\.as))
  }
}

extension StringMap.Entry {
  /// Whether a secret stands in it.
  package var holdsSecrets: Bool { !SecretText(value).keys.isEmpty }
}
