import Foundation
import NIOSSL
import Wire

/// Certificates of an authority of their own, made by openssl.
package struct Certificates {
  package let folder: TemporaryFolder

  package static let canBeMade = ["/usr/bin/openssl", "/usr/local/bin/openssl"].contains {
    FileManager.default.isExecutableFile(atPath: $0)
  }

  /// - Parameters:
  ///   - names: what the server's certificate is for.
  package init(names: String = "IP:127.0.0.1,DNS:api.example.com") throws {
    folder = try TemporaryFolder()
    for name in ["ca", "other-ca"] {
      try openssl(
        "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=\(name) -keyout \(name).key "
          + "-out \(name).pem")
    }
    try folder.write("server.cnf", "subjectAltName=\(names)\nextendedKeyUsage=serverAuth\n")
    try folder.write("client.cnf", "extendedKeyUsage=clientAuth\n")
    try issue("server", days: "-days 2", config: "server.cnf")
    try issue("client", days: "-days 2", config: "client.cnf")
    try issue("client-two", days: "-days 2", config: "client.cnf")
    try issue("expired", days: "-days -1", config: "client.cnf")
  }

  private func issue(_ name: String, days: String, config: String) throws {
    try openssl(
      "req -new -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj /CN=\(name) -keyout \(name).key -out \(name).csr"
    )
    try openssl(
      "x509 -req -in \(name).csr -CA ca.pem -CAkey ca.key -CAcreateserial \(days) -out \(name).pem -extfile \(config)"
    )
  }

  private func openssl(_ arguments: String) throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["openssl"] + arguments.split(separator: " ").map(String.init)
    process.currentDirectoryURL = URL(fileURLWithPath: folder.path)
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else { throw Failure(message: "openssl \(arguments) failed") }
  }

  /// What openssl refused.
  struct Failure: Error { let message: String }

  package func path(_ name: String) -> String { "\(folder.path)/\(name)" }

  package func trust(serverName: String? = nil) -> ServerTrust {
    ServerTrust(authorities: .file(path("ca.pem")), serverName: serverName)
  }

  /// How a server shows itself, and whom it lets in.
  package func server(wantsClient: Bool = true) throws -> TLSConfiguration {
    var configuration = TLSConfiguration.makeServerConfiguration(
      certificateChain: try NIOSSLCertificate.fromPEMFile(path("server.pem")).map { .certificate($0) },
      privateKey: .privateKey(try NIOSSLPrivateKey(file: path("server.key"), format: .pem)))
    if wantsClient {
      configuration.certificateVerification = .noHostnameVerification
      configuration.trustRoots = .certificates(try NIOSSLCertificate.fromPEMFile(path("ca.pem")))
    }
    return configuration
  }
}
