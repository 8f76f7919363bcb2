import Diagnostics
import Engine
import ProviderKit
import Rendering

/// Asks targets how their engines are.
struct TargetProbe: Sendable {
  /// The kinds of provider that are known.
  var registry = Providers.registry
  /// How long an engine may take to answer.
  var limit = Duration.seconds(5)

  /// How the engines of some targets are, all asked at the same time; in the order of the names.
  ///
  /// - Throws: `DiagnosticError` if there is no such target.
  func ask(_ names: [String], of configuration: Configuration) async throws -> [TargetStatus] {
    let entries = try names.map { (name: $0, entry: try configuration.target($0)) }
    let usual = configuration.usualTarget
    return await entries.concurrentMap(atOnce: entries.count) { name, entry in
      await ask(name, entry, isDefault: name == usual, of: configuration)
    }
  }

  private func ask(
    _ name: String, _ entry: TargetEntry, isDefault: Bool, of configuration: Configuration
  ) async -> TargetStatus {
    var status = TargetStatus(target: name, isDefault: isDefault, provider: entry.provider, message: "")
    (status.region, status.location) = (entry.region, entry.zone)
    do {
      let provider = try configuration.makeProvider(name, from: registry)
      async let answer = provider.health(within: limit)
      async let store = Self.trouble(of: provider.store as? NamedStore, within: limit)
      let info = try await provider.reach(within: limit)
      let health = await answer
      status.health = health.isHealthy ? .healthy : .unhealthy
      (status.latency, status.message) = (health.latency, health.message)
      if health.isHealthy, let trouble = await store {
        (status.health, status.message) = (.unhealthy, trouble)
      }
      (status.version, status.region, status.location) = (info.version, info.region, info.location)
    } catch {
      status.message = Diagnostics(error)?.first?.message ?? "\(error)"
    }
    return status
  }

  /// Why what keeps a target's history can't be used; `nil` if it answers, or if the engine keeps it itself.
  private static func trouble(of store: NamedStore?, within limit: Duration) async -> String? {
    guard let store else { return nil }
    do { try await store.connect(within: limit) } catch {
      return
        "\(store.place), which keeps its history, can't be reached: \(Diagnostics(error)?.first?.message ?? "\(error)")"
    }
    return nil
  }
}
