import Crypto
import Foundation
import Planning
import Values

extension EngineIdentity {
  /// Which machines those are that this computer has at a place.
  ///
  /// - Parameter place: what tells them from all others here, such as a folder.
  public init(provider: String, onThisComputer place: String) {
    let text = "\(ProcessInfo.processInfo.hostName)\n\(place)"
    self.init(provider: provider, id: Hex.lower(SHA256.hash(data: Array(text.utf8)).prefix(8)))
  }
}
