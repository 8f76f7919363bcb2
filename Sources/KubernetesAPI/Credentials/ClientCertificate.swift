import NIOSSL

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A certificate that the client shows, with its key.
struct ClientCertificate: Sendable {
  let chain: [NIOSSLCertificate]
  let key: NIOSSLPrivateKey
  /// What it was read of, to see whether it is another one now.
  let bytes: [UInt8]

  /// Reads a certificate and its key.
  ///
  /// - Parameters:
  ///   - place: where they are written, for messages.
  ///   - now: the time, in seconds since 1970.
  /// - Throws: ``KubernetesError`` if they can't be used, or the certificate has expired.
  init(certificate: [UInt8], key: [UInt8], user: String, place: String, keyPlace: String, now: Int64) throws {
    do {
      chain = try NIOSSLCertificate.fromPEMBytes(certificate)
    } catch {
      throw KubernetesError(
        "\(place): the client certificate of the user \"\(user)\" can't be read: \(error)",
        help: "it must be a certificate in PEM format")
    }
    guard let first = chain.first else {
      throw KubernetesError(
        "\(place): the client certificate of the user \"\(user)\" is empty",
        help: "it must be a certificate in PEM format")
    }
    do {
      self.key = try NIOSSLPrivateKey(bytes: key, format: .pem)
    } catch {
      throw KubernetesError(
        "\(keyPlace): the client key of the user \"\(user)\" can't be read: \(error)",
        help: "it must be a private key in PEM format that is not locked by a passphrase")
    }
    let end = Int64(first.notValidAfter)
    guard end >= now else {
      throw KubernetesError(
        "\(place): the client certificate of the user \"\(user)\" expired on \(ServerTime(seconds: end))",
        help: "get a new kubeconfig from the cluster's provider, or renew the certificate")
    }
    bytes = certificate + key
  }

  /// The time now, in seconds since 1970.
  static var now: Int64 { Int64(time(nil)) }
}
