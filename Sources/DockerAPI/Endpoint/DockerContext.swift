import Crypto

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// A named engine, as the docker client keeps it (`docker context create`).
struct DockerContext {
  let endpoint: DockerEndpoint

  private struct Metadata: Decodable {
    struct Endpoint: Decodable {
      let Host: String?
      let SkipTLSVerify: Bool?
    }
    let Endpoints: [String: Endpoint]
  }

  /// Reads a context.
  ///
  /// - Parameter config: the settings of the docker client, in whose folder contexts are kept.
  /// - Throws: ``DockerError`` if there is none of that name, or it can't be used.
  init(named name: String, of config: DockerConfig) throws {
    let id = SHA256.hash(data: Data(name.utf8)).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    let path = "\(config.folder)/contexts/meta/\(id)/meta.json"
    guard let metadata = try DockerConfig.read(path, as: Metadata.self) else {
      throw DockerError(
        "there is no docker context \"\(name)\"", help: "list those that there are with: docker context ls")
    }
    guard let engine = metadata.Endpoints["docker"], let host = engine.Host, !host.isEmpty else {
      throw DockerError("the docker context \"\(name)\" names no Docker engine")
    }
    let tls = DockerTLS(
      folder: "\(config.folder)/contexts/tls/\(id)/docker", verifies: engine.SkipTLSVerify != true)
    // Without files or a wish not to verify, nothing says that the connection is encrypted.
    let isEncrypted = tls.hasFiles || !tls.verifies
    endpoint = try DockerEndpoint(host: host, tls: isEncrypted ? tls : nil)
  }
}
