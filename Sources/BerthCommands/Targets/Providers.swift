import DockerProvider
import LocalProvider
import ProviderKit

/// The one place that knows which providers there are.
enum Providers {
  static let registry: ProviderRegistry = {
    var registry = ProviderRegistry()
    registry.register(LocalProvider.name, summary: LocalProvider.summary) { target in
      let home = Environment.home + "/local"
      return LocalProvider(
        home: home, store: LocalStore(path: home + "/berth.db", limits: target.history),
        region: target.region, zone: target.zone)
    }
    registry.register(
      DockerProvider.name, summary: DockerProvider.summary, options: OptionsDeclaration(DockerTarget.self),
      engineFields: DockerFields.all
    ) { DockerProvider($0, environment: Environment.all) }
    return registry
  }()
}
