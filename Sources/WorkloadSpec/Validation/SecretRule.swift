import Diagnostics

/// A secret is given to a service where it can be found, and alone, and goes when the service goes.
enum SecretRule {
  static func check(_ service: Service, _ places: SpecPlaces, _ diagnostics: inout Diagnostics) {
    checkVolumes(of: service, places, &diagnostics)
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

  /// A file that holds a secret must not lie in storage that outlives the service.
  private static func checkVolumes(
    of service: Service, _ places: SpecPlaces, _ diagnostics: inout Diagnostics
  ) {
    let volumes = service.volumes.filter { $0.outlivesInstances && !$0.mountPath.isEmpty }
    guard !volumes.isEmpty else { return }
    func check(_ paths: [String], _ name: String, _ place: @autoclosure () -> SourceLocation?) {
      let volume = volumes.first { volume in
        let folder = ComparablePath(volume.mountPath)
        return paths.contains { ComparablePath($0).isInside(folder) }
      }
      guard let volume else { return }
      diagnostics.report(
        .secretTarget, "\(name) would lie in the volume `\(volume.name)`, which outlives the service",
        at: place(), help: "give it a path outside of volumes that outlive the service",
        related: RelatedLocation.list(
          "the volume is here", places.place(of: volume, in: "volumes", of: service, "mountPath")))
    }
    for secret in service.secrets where !secret.as.isEmpty {
      check(
        secret.filePaths, "the secret `\(secret.key)`",
        places.place(of: secret, in: "secrets", of: service, "as"))
    }
    for file in service.configFiles
    where SecretText.mayHoldSecrets(file.content) && !SecretText(file.content).keys.isEmpty {
      check(
        [file.path], "the config file `\(file.name)`, which holds a secret,",
        places.place(of: file, in: "configFiles", of: service, "path"))
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
