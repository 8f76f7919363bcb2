import NIOSSL
import Values

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A certificate that the client shows, with its key.
package struct ClientCertificate: Sendable {
  package let chain: [NIOSSLCertificate]
  package let key: NIOSSLPrivateKey
  /// What it was read of, to see whether it is another one now.
  package let bytes: [UInt8]

  /// Reads a certificate and its key.
  ///
  /// - Parameters:
  ///   - owner: whose they are, for messages, such as ` of the user "ada"`; may be empty.
  ///   - place: where they are written, for messages.
  ///   - renewal: what to do where the certificate has expired.
  ///   - now: the time, in seconds since 1970.
  /// - Throws: ``WireProblem`` if they can't be used, or the certificate has expired.
  package init(
    certificate: [UInt8], key: [UInt8], owner: String, place: String, keyPlace: String, renewal: String,
    now: Int64
  ) throws(WireProblem) {
    do {
      chain = try NIOSSLCertificate.fromPEMBytes(certificate)
    } catch {
      throw WireProblem(
        "\(place): the client certificate\(owner) can't be read: \(error)",
        help: "it must be a certificate in PEM format")
    }
    guard let first = chain.first else {
      throw WireProblem(
        "\(place): the client certificate\(owner) is empty",
        help: "it must be a certificate in PEM format")
    }
    do {
      self.key = try NIOSSLPrivateKey(bytes: key, format: .pem)
    } catch {
      throw WireProblem(
        "\(keyPlace): the client key\(owner) can't be read: \(error)",
        help: "it must be a private key in PEM format that is not locked by a passphrase")
    }
    let end = Int64(first.notValidAfter)
    guard end >= now else {
      throw WireProblem(
        "\(place): the client certificate\(owner) expired on \(ServerTime(seconds: end))",
        help: renewal)
    }
    bytes = certificate + key
  }

  /// The time now, in seconds since 1970.
  package static var now: Int64 { Int64(time(nil)) }
}
