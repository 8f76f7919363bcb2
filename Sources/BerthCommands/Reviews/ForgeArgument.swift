import ArgumentParser
import Forge

extension Forge: ExpressibleByArgument {
  /// The forges, as a help lists them.
  static var list: String { allCases.map(\.rawValue).joined(separator: ", ") }
}
