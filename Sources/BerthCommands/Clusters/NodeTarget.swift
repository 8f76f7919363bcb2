import ClusterNodes
import Diagnostics
import DockerProvider
import Engine
import ProviderKit

/// A target whose clusters are looked after.
struct NodeTarget: Sendable {
  let name: String
  /// What keeps the nodes. Only commands that change something may ask for it.
  let provider: any NodeProvider

  /// The target that is there without any berth.yaml that names one: the engine that the docker client would use.
  static let standardName = DockerProvider.name

  // MARK: Choosing

  /// The target that a command means.
  ///
  /// - Parameter name: its name. Without one it is the default of berth.yaml, or else the only one that keeps clusters; if
  ///   there is none, the engine that the docker client would use.
  /// - Throws: `DiagnosticError` if there is no such target, if it keeps no clusters, or if more than one could be meant.
  static func find(_ name: String?, in configuration: Configuration) throws -> NodeTarget {
    if let name { return try NodeTarget(name, in: configuration) }
    let names = names(in: configuration)
    if names.contains(configuration.usualTarget) {
      return try NodeTarget(configuration.usualTarget, in: configuration)
    }
    guard names.count == 1 else {
      throw DiagnosticError(
        Diagnostic(
          .ambiguousClusterTarget, "\(names.count) targets keep clusters: \(names.joined(separator: ", "))",
          help: "say which one is meant: -t \(names[0])"))
    }
    return try NodeTarget(names[0], in: configuration)
  }

  /// All targets that keep clusters, by name.
  static func all(in configuration: Configuration) throws -> [NodeTarget] {
    try names(in: configuration).map { try NodeTarget($0, in: configuration) }
  }

  private static func names(in configuration: Configuration) -> [String] {
    let names = configuration.targetNames.filter { name in
      configuration.targets[name].map { NodeProviders.makers[$0.provider] != nil } ?? false
    }
    return names.isEmpty ? [standardName] : names
  }

  private init(_ name: String, in configuration: Configuration) throws {
    self.name = name
    var entry = TargetEntry()
    entry.provider = DockerProvider.name
    if configuration.targets[name] != nil || name != Self.standardName {
      entry = try configuration.target(name)
    }
    guard let make = NodeProviders.makers[entry.provider] else {
      let known = NodeProviders.makers.keys.sorted().map { "`\($0)`" }.joined(separator: ", ")
      throw DiagnosticError(
        Diagnostic(
          .noClusterTarget, "the target `\(name)` keeps no clusters: its provider is `\(entry.provider)`",
          help: "name a target whose provider is \(known)"))
    }
    provider = try make(entry.targetOptions(of: name))
  }

  // MARK: Asking

  /// How long an engine may take to show that it is there.
  private static let patience = Duration.seconds(5)

  /// The clusters, if the target can be asked.
  ///
  /// - Throws: `DiagnosticError` if it can't be asked; that a cluster is not there is no reason.
  func clusters(within limit: Duration = patience) async throws -> [Cluster] {
    do {
      guard try await inTime(limit, { try await provider.connect() }) != nil else {
        throw ProviderError(
          "it did not answer within \(limit)",
          help: "is the engine running, and does berth.yaml have its address?")
      }
      return try await ClusterLister(reader: provider).clusters()
    } catch let error as ProviderError {
      throw DiagnosticError(
        Diagnostic(
          .clustersUnavailable, "the target `\(name)` can't be asked for its clusters: \(error.message)",
          help: error.help))
    }
  }
}
