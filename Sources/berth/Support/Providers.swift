import LocalProvider
import ProviderKit

/// The one place that knows which providers there are.
enum Providers {
  static let registry: ProviderRegistry = {
    var registry = ProviderRegistry()
    registry.register("local", summary: LocalProvider.summary) { target in
      try LocalProvider(home: Environment.home + "/local", options: target.options)
    }
    return registry
  }()
}
