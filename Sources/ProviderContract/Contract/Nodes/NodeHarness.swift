import ClusterNodes
import ProviderKit

/// What the contract of node providers needs to know of what keeps the nodes: the provider, and a way to make clusters.
public protocol NodeHarness: Sendable {
  /// The provider under test.
  var provider: any NodeProvider { get }

  /// A provider of the same kind that can't be asked.
  var unreachable: any NodeProvider { get }

  /// How long a node may take to start, stop or go.
  var timeout: Duration { get }

  /// Whether networks and volumes can carry the labels of its clusters.
  var hasBelongings: Bool { get }

  /// Makes a cluster whose nodes run, with a network and a volume that carry its labels if there can be any.
  ///
  /// - Parameters:
  ///   - label: what its name ends with; the name of `a` is a part of the name of `a-b`.
  ///   - workers: how many workers it has beside its one control plane.
  func make(_ label: String, workers: Int) async throws -> ClusterID

  /// Takes away whatever it made.
  func tidyUp() async throws
}
