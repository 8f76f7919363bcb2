import Subprocess
import Wire

/// A program that keeps credentials for the docker client: `docker-credential-NAME`.
struct CredentialHelper: Sendable {
  let name: String
  /// The environment that it is run in.
  let environment: [String: String]

  /// How long it may take. It may ask the user to unlock a store.
  private static let patience = Duration.seconds(60)
  /// The longest answer, in bytes.
  private static let longestAnswer = 64 * 1024

  private struct Secret: Decodable {
    let Username: String
    let Secret: String
  }

  /// Asks for the credentials of a registry; `nil` if it has none.
  ///
  /// - Throws: ``DockerError`` if there is no such program, or it fails.
  func credentials(for registry: RegistryName) async throws -> RegistryCredentials? {
    let key = registry.credentialKey
    let (succeeded, output) = try await ask(key)
    guard succeeded else {
      // It says so on standard output, and there is no other sign.
      let reason = String(decoding: output, as: UTF8.self).filter { !$0.isNewline }
      if reason.contains("credentials not found") || reason.contains("no credentials") { return nil }
      throw failure("failed: \(reason.prefix(200))")
    }
    guard let secret = try? EngineJSON.decode(Secret.self, from: output) else {
      throw failure("gave an answer that makes no sense")
    }
    return RegistryCredentials(secret.Username, secret.Secret, for: registry)
  }

  private func ask(_ key: String) async throws -> (succeeded: Bool, output: [UInt8]) {
    guard !name.isEmpty, !name.contains("/") else { throw failure("has a name that is none") }
    let program = Executable.name("docker-credential-\(name)")
    // As the system takes them, each ended by a zero: without it, whatever lies behind in memory would be passed on.
    let variables = Environment.custom(environment.map { Array("\($0.key)=\($0.value)\0".utf8) })
    do {
      return try await within(
        Self.patience, orThrow: failure("did not answer within \(Self.patience.components.seconds) s")
      ) {
        let result = try await Subprocess.run(
          program, arguments: ["get"], environment: variables, input: .string(key),
          output: .bytes(limit: Self.longestAnswer), error: .discarded)
        return (result.terminationStatus.isSuccess, result.standardOutput)
      }
    } catch let error as SubprocessError {
      throw failure("can't be run: \(error)")
    }
  }

  private func failure(_ reason: String) -> DockerError {
    DockerError(
      "the credential helper docker-credential-\(name) \(reason)",
      help: "config.json of the docker client names it; install it, or log in again with: docker login")
  }
}

extension RegistryCredentials {
  /// Credentials as they are kept: a token is kept under a user name that is none.
  init(_ user: String, _ secret: String, for registry: RegistryName) {
    let isToken = user == "<token>"
    self.init(
      user: isToken ? "" : user, password: isToken ? "" : secret, identityToken: isToken ? secret : nil,
      registry: registry.credentialKey)
  }
}
