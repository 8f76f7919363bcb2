import ProviderKit

@testable import KubernetesProvider

/// Registers whose namespaces are called otherwise on the cluster, so that tests which know namespaces by name have some of
/// their own.
struct RelocatedRegisters: Registers {
  let base: ClusterRegisters
  /// What the namespaces' names begin with on the cluster.
  let prefix: String

  var capacity: Int { base.capacity }

  func get(_ name: String) async throws -> Register? {
    try await base.get(outward(name)).map(inward)
  }

  func list(_ prefix: String, contents: Bool) async throws -> [Register] {
    // A prefix without a namespace lists those of all tests.
    let isWide = prefix.hasSuffix("/") && prefix.split(separator: "/").count == 1
    return try await base.list(isWide ? prefix : outward(prefix), contents: contents)
      .filter { $0.name.split(separator: "/")[1].hasPrefix(self.prefix) }.map(inward)
  }

  func create(_ name: String, _ contents: [UInt8]) async throws -> Bool {
    try await base.create(outward(name), contents)
  }

  func swap(_ name: String, from version: RegisterVersion, to contents: [UInt8]?) async throws -> Bool {
    try await base.swap(outward(name), from: version, to: contents)
  }

  private func outward(_ name: String) -> String { renamed(name) { prefix + $0 } }

  private func inward(_ register: Register) -> Register {
    Register(
      name: renamed(register.name) { String($0.dropFirst(prefix.count)) }, version: register.version,
      contents: register.contents)
  }

  /// A name of which the second part, which begins with the namespace, is another one.
  private func renamed(_ name: String, _ rename: (String) -> String) -> String {
    let parts = name.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    return parts.count == 2 ? parts[0] + "/" + rename(parts[1]) : name
  }
}
