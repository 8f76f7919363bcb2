import Crypto
import WorkloadSpec

/// A digest of what a service was made from: its spec and its workload's labels.
///
/// What is never compared or equals its default is left out, so that a field which the language gains later does not change the
/// digest of what does not use it. The version says which fields took part.
public struct SpecDigest: Hashable, Sendable, CustomStringConvertible {
  /// `v1:` and 32 hexadecimal digits.
  public let description: String

  /// Wraps a digest that was written before.
  public init(_ text: String) { description = text }

  /// The digest of a service with its workload's labels.
  public init(of service: Service, labels: StringMap) {
    var bytes: [UInt8] = []
    CanonicalJSON.write(
      ["service": service.essence, "labels": labels.plain], into: &bytes)
    description = "v1:" + Hex.lower(SHA256.hash(data: bytes).prefix(16))
  }
}
