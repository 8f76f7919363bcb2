import DockerProvider
import ProviderKit

/// The one place that knows which kinds of provider keep the nodes of clusters.
enum NodeProviders {
  /// Makes one from a target's options; by the name that the kind has in berth.yaml.
  static let makers: [String: @Sendable (TargetOptions) throws -> any NodeProvider] = [
    DockerProvider.name: { DockerNodes($0, environment: Environment.all) }
  ]
}
