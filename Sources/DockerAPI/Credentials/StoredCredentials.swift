#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

extension DockerConfig {
  /// The credentials that `docker login` keeps for a registry; `nil` if there are none.
  ///
  /// They are with the credential helper of the registry, with that of all registries, or in the file itself.
  ///
  /// - Parameter environment: what a credential helper is run in.
  /// - Throws: ``DockerError`` if they are there and can't be had.
  package func credentials(
    for registry: RegistryName, environment: [String: String]
  ) async throws -> RegistryCredentials? {
    let helper =
      value(for: registry, in: file.credHelpers) ?? file.credsStore.flatMap { $0.isEmpty ? nil : $0 }
    if let helper {
      let kept = CredentialHelper(name: helper, environment: environment)
      if let credentials = try await kept.credentials(for: registry) { return credentials }
    }
    guard let stored = value(for: registry, in: file.auths) else { return nil }
    return try credentials(stored, for: registry)
  }

  /// What is kept for a registry. It may be kept under several spellings of its address.
  private func value<Value>(for registry: RegistryName, in values: [String: Value]?) -> Value? {
    guard let values else { return nil }
    if let exact = values[registry.credentialKey] { return exact }
    return values.sorted { $0.key < $1.key }.first { RegistryName(address: $0.key) == registry }?.value
  }

  private func credentials(
    _ stored: StoredCredentials, for registry: RegistryName
  ) throws -> RegistryCredentials? {
    if let token = stored.identitytoken, !token.isEmpty {
      return RegistryCredentials("<token>", token, for: registry)
    }
    if let user = stored.username, let password = stored.password, !user.isEmpty {
      return RegistryCredentials(user, password, for: registry)
    }
    // A helper leaves an empty entry in the file.
    guard let auth = stored.auth, !auth.isEmpty else { return nil }
    guard let data = Data(base64Encoded: auth), let text = String(data: data, encoding: .utf8),
      let colon = text.firstIndex(of: ":")
    else {
      throw DockerError(
        "the credentials for \(registry) in \(folder)/config.json can't be read",
        help: "log in again with: docker login \(registry)")
    }
    let password = text[text.index(after: colon)...].prefix { $0 != "\0" }
    return RegistryCredentials(String(text[..<colon]), String(password), for: registry)
  }
}
