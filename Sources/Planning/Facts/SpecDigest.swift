import Crypto
import Values
import WorkloadSpec

/// A digest of what an element of a body was made from: its spec, its workload's labels, and what its workload says on the
/// engine.
///
/// What is never compared, equals its default or is said on another engine is left out, so that a field which the language gains later does not change the
/// digest of what does not use it. The version says which fields took part.
public struct SpecDigest: Hashable, Sendable, CustomStringConvertible {
  /// `v1:` and 32 hexadecimal digits.
  public let description: String

  /// Wraps a digest that was written before.
  public init(_ text: String) { description = text }

  /// The digest of an element of a workload.
  ///
  /// - Parameter engine: what the engine declares that it is made on; `nil` if it declares nothing.
  public init(of element: AnyElement, in workload: Workload?, on engine: EngineFields?) {
    var bytes: [UInt8] = []
    var members: [Value.Member] = [
      .init("service", element.essence(on: engine)), .init("labels", (workload?.labels ?? [:]).plain),
    ]
    // Only where there is any, so that what was stamped before keeps its digest.
    if let on = workload?.workloadBlockEssence(on: engine) { members.append(.init("on", on)) }
    CanonicalJSON.write(.map(members), into: &bytes)
    description = "v1:" + Hex.lower(SHA256.hash(data: bytes).prefix(16))
  }

  /// The digest of an element of a workload.
  public init(of element: some BodyElement, in workload: Workload?, on engine: EngineFields?) {
    self.init(of: AnyElement(element), in: workload, on: engine)
  }
}
