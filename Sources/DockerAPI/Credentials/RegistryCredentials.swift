#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// What a registry is shown, to be let in.
package struct RegistryCredentials: Sendable, Equatable {
  /// Who wants to be let in.
  package var user: String
  /// The password, or a token that stands for it.
  package var password: String
  /// A token that a registry's own login gave, instead of user and password.
  package var identityToken: String?
  /// The registry, as its credentials name it: `registry.example.com`, `https://index.docker.io/v1/`.
  package var registry: String

  package init(user: String, password: String, identityToken: String? = nil, registry: String) {
    self.user = user
    self.password = password
    self.identityToken = identityToken
    self.registry = registry
  }

  /// The header that engines take credentials in.
  static let header = "X-Registry-Auth"

  /// The credentials as the header has them.
  func encoded() -> String {
    struct Header: Encodable {
      let username: String?
      let password: String?
      let identitytoken: String?
      let serveraddress: String
    }
    let token = identityToken
    let header = Header(
      username: token == nil ? user : nil, password: token == nil ? password : nil, identitytoken: token,
      serveraddress: registry)
    // Texts can always be encoded.
    return Data(try! JSONEncoder().encode(header)).base64EncodedString()
      .replacing("+", with: "-").replacing("/", with: "_")
  }
}

extension RegistryCredentials: CustomStringConvertible, CustomDebugStringConvertible {
  /// Who, and for which registry; never the password.
  package var description: String { "\(identityToken == nil ? user : "token") for \(registry)" }
  /// Who, and for which registry; never the password.
  package var debugDescription: String { description }
}
