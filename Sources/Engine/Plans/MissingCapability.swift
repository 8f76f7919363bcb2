import Diagnostics
import ProviderKit

extension ProviderReader {
  /// That something needs what the provider can't do.
  func missing(_ capability: Capability, for reason: String, on facts: EngineFacts) -> Diagnostic {
    let known = capabilities(on: facts).sorted().map { "`\($0.rawValue)`" }.joined(separator: ", ")
    return Diagnostic(
      .missingCapability,
      "`\(reason)` needs the capability `\(capability.rawValue)`, which the provider `\(traits.name)` does not have",
      help: known.isEmpty ? nil : "it has \(known)")
  }
}
