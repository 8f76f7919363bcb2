/// A secret is given to a service where it can be found, and alone.
enum SecretRule {
  static func check(_ service: Service, _ places: SpecPlaces, _ diagnostics: inout Diagnostics) {
    for secret in service.secrets where !secret.as.isEmpty {
      guard let problem = problem(with: secret, of: service) else { continue }
      let isTwice = secret.type == .env && service.env[secret.as] != nil
      diagnostics.report(
        .secretTarget, problem.message, at: places.place(of: secret, in: "secrets", of: service, "as"),
        help: problem.help,
        related: isTwice
          ? RelatedLocation.list("the variable is set here", places.place(of: service, "env", secret.as)) : []
      )
    }
  }

  private static func problem(with secret: SecretReference, of service: Service) -> RuleProblem? {
    switch secret.type {
    case .env:
      if service.env[secret.as] != nil {
        return RuleProblem(
          message: "`\(secret.as)` is an environment variable and a secret at once", help: "drop one of them")
      }
      return Rule.environmentName.problem(secret.as)
    case .file, .tls:
      return Rule.absolutePath.problem(secret.as)
    case .registry:
      return ImageReference.isHost(secret.as)
        ? nil
        : RuleProblem(message: "`\(secret.as)` is not a registry", help: "write `host` or `host:port`")
    }
  }
}
