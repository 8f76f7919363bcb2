import NIOSSL

extension ServerTrust {
  /// The configuration for connections that show a certificate.
  ///
  /// - Throws: ``WireProblem`` if the authorities are none; `UserFileError` if their file can't be read.
  package func configuration(showing certificate: ClientCertificate?) throws -> TLSConfiguration {
    var configuration = TLSConfiguration.makeClientConfiguration()
    configuration.minimumTLSVersion = .tlsv12
    if !verifies { configuration.certificateVerification = .none }
    if let authorities {
      let bytes = try authorities.read()
      do {
        configuration.trustRoots = .certificates(try NIOSSLCertificate.fromPEMBytes(bytes))
      } catch {
        throw WireProblem(
          "\(authorities.place): the authorities that the server is checked against can't be read: \(error)",
          help: "they must be certificates in PEM format")
      }
    }
    if let certificate {
      configuration.certificateChain = certificate.chain.map { .certificate($0) }
      configuration.privateKey = .privateKey(certificate.key)
    }
    return configuration
  }
}
