import LocalProvider
import ProviderKit

/// The one place that knows which providers there are.
enum Providers {
  static let registry: ProviderRegistry = {
    var registry = ProviderRegistry()
    registry.register(LocalProvider.name, summary: LocalProvider.summary) { target in
      let home = Environment.home + "/local"
      return LocalProvider(
        home: home, store: LocalStore(path: home + "/berth.db"), region: target.options["region"],
        zone: target.options["zone"])
    }
    return registry
  }()
}
