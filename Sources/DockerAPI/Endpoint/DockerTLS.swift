import NIOSSL
import UserFiles

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// How a connection to an engine is encrypted, and how both ends prove who they are.
public struct DockerTLS: Sendable, Equatable {
  /// The file of the authorities that the engine's certificate is checked against; `nil` means those of the
  /// system.
  public var authority: String?
  /// The file of the certificate that the client shows.
  public var certificate: String?
  /// The file of the certificate's private key.
  public var key: String?
  /// Whether the engine's certificate is checked at all.
  public var verifies: Bool

  /// TLS by files in PEM format.
  public init(
    authority: String? = nil, certificate: String? = nil, key: String? = nil, verifies: Bool = true
  ) {
    self.authority = authority
    self.certificate = certificate
    self.key = key
    self.verifies = verifies
  }

  /// TLS by the files `ca.pem`, `cert.pem` and `key.pem` in a folder, as far as they are there.
  public init(folder: String, verifies: Bool = true) {
    func file(_ name: String) -> String? {
      let path = "\(folder)/\(name)"
      return FileManager.default.fileExists(atPath: path) ? path : nil
    }
    self.init(
      authority: file("ca.pem"), certificate: file("cert.pem"), key: file("key.pem"), verifies: verifies)
  }

  /// Whether any file is named.
  var hasFiles: Bool { authority != nil || certificate != nil || key != nil }

  /// The configuration for a connection.
  ///
  /// - Throws: ``DockerError`` that names the file that can't be used.
  func configuration() throws -> TLSConfiguration {
    var configuration = TLSConfiguration.makeClientConfiguration()
    if !verifies { configuration.certificateVerification = .none }
    if let authority {
      configuration.trustRoots = try .certificates(
        Self.read(authority) { try NIOSSLCertificate.fromPEMBytes($0) })
    }
    if let certificate {
      configuration.certificateChain = try Self.read(certificate) { try NIOSSLCertificate.fromPEMBytes($0) }
        .map { .certificate($0) }
    }
    if let key {
      configuration.privateKey = try Self.read(key) {
        .privateKey(try NIOSSLPrivateKey(bytes: $0, format: .pem))
      }
    }
    return configuration
  }

  /// The size of the largest file: 4 MiB, which is many authorities.
  private static let maximumSize = 4 << 20

  private static func read<Result>(_ path: String, _ body: ([UInt8]) throws -> Result) throws -> Result {
    let help = "it must be a readable file in PEM format; a key must not be locked by a passphrase"
    do {
      return try body(try UserFile.bytes(of: path, atMost: maximumSize))
    } catch let error as UserFileError {
      throw DockerError(error.message, help: help)
    } catch {
      throw DockerError("\(path) can't be used for TLS: \(error)", help: help)
    }
  }
}
