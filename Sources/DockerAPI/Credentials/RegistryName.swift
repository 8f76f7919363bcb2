/// The registry that an image is of.
package struct RegistryName: Sendable, Hashable, CustomStringConvertible {
  /// The name, with its port if it has one: `registry.example.com:5000`.
  package let description: String

  /// The registry that names without one mean.
  package static let hub = RegistryName(host: "docker.io")

  /// The registry of an image's name: `docker.io` for `busybox` and `shop/api`.
  package init(image: String) {
    let first = image.prefix { $0 != "/" }
    let isHost = first.contains { $0 == "." || $0 == ":" } || first == "localhost"
    self = first.count < image.count && isHost ? RegistryName(host: String(first)) : .hub
  }

  /// The registry of an address as credentials are kept under: `https://index.docker.io/v1/`.
  init(address: String) {
    var host = address[...]
    if let scheme = host.firstRange(of: "://") { host = host[scheme.upperBound...] }
    self.init(host: String(host.prefix { $0 != "/" }))
  }

  private init(host: String) {
    let aliases = ["index.docker.io", "registry-1.docker.io"]
    description = aliases.contains(host) ? "docker.io" : host
  }

  /// What credentials for it are kept under.
  var credentialKey: String { self == .hub ? "https://index.docker.io/v1/" : description }
}
