import ProviderKit
import Secrets
import Testing

@Suite struct TLSCredentialsTests {
  // Made for this test by `openssl req -x509 -newkey ec …`; nothing trusts it.
  static let certificate = """
    -----BEGIN CERTIFICATE-----
    MIIBdDCCARmgAwIBAgIUPDOoZYx7w7AuIX92pehQO10yE9UwCgYIKoZIzj0EAwIw
    DzENMAsGA1UEAwwEdGVzdDAeFw0yNjExMjEwNjI0NTdaFw0zNjExMTgwNjI0NTda
    MA8xDTALBgNVBAMMBHRlc3QwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAAQ2H+w0
    HGJ5AOYFcCxygupA7rFf4j4w9VHHwjxAQfHZNDVJPj6klTIXySsplscpL4r5Ioy8
    PiwXz+hz8YniSY9Oo1MwUTAdBgNVHQ4EFgQU0XY7c636Q3WeXoBfVUvoRdau43cw
    HwYDVR0jBBgwFoAU0XY7c636Q3WeXoBfVUvoRdau43cwDwYDVR0TAQH/BAUwAwEB
    /zAKBggqhkjOPQQDAgNJADBGAiEAsj7vAyi8FYVkKaawie0FEAZhg+GXFTQHPwPj
    H/9LkWECIQDPBk5VZiaxY25RfWIAAl1c+GlUk0NRdjMARriCIdP70w==
    -----END CERTIFICATE-----

    """
  static let key = """
    -----BEGIN PRIVATE KEY-----
    MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgappVkoGVEQyA8GAj
    GO68nqwXsIsBmK2RvS/4jxjtIeGhRANCAAQ2H+w0HGJ5AOYFcCxygupA7rFf4j4w
    9VHHwjxAQfHZNDVJPj6klTIXySsplscpL4r5Ioy8PiwXz+hz8YniSY9O
    -----END PRIVATE KEY-----

    """
  static let parameters = """
    -----BEGIN EC PARAMETERS-----
    BggqhkjOPQMBBw==
    -----END EC PARAMETERS-----

    """
  static let encryptedKey = """
    -----BEGIN EC PRIVATE KEY-----
    Proc-Type: 4,ENCRYPTED
    DEK-Info: AES-256-CBC,432BE40A1A901B762D920BC2B348693F

    YS1n9pjPSo3+F7vzyOZp6gAg+Mjb5Zqm8c/a0doYYJtiWmaV9REUPCf7pMJEPHSa
    -----END EC PRIVATE KEY-----

    """

  private func read(_ text: String) throws(MalformedSecret) -> TLSCredentials {
    try TLSCredentials(SecretValue(bytes: Array(text.utf8)))
  }

  @Test("A chain and its key are told apart") func aChainAndItsKeyAreToldApart() throws {
    let text = "the server\n" + Self.key + Self.parameters + Self.certificate + Self.certificate
    for variant in [text, text.replacing("\n", with: "\r\n")] {
      let credentials = try read(variant)
      #expect(credentials.certificates == Array((Self.certificate + Self.certificate).utf8))
      #expect(credentials.key == Array(Self.key.utf8))
      let shown = "\(credentials) \(String(reflecting: credentials))"
      #expect(!shown.contains("MIG"))
    }
  }

  /// A value that is refused, with the reason.
  struct Refused: Sendable {
    let reason: String
    let text: String

    init(_ reason: String, _ parts: String...) {
      self.reason = reason
      text = parts.joined()
    }
  }

  static let refused: [Refused] = [
    Refused("it holds no certificate"),
    Refused("it holds no certificate", "hunter2"),
    Refused("it holds no certificate", key),
    Refused("it holds no private key", certificate),
    Refused("it holds more than one private key", certificate, key, key),
    Refused("its private key has a passphrase", certificate, encryptedKey),
    Refused(
      "its private key has a passphrase", certificate,
      key.replacing("PRIVATE", with: "ENCRYPTED PRIVATE")),
    Refused(
      "a block of it, `PRIVATE KEY`, does not end as it begins", certificate, String(key.dropLast(30))),
    Refused(
      "a block of it, `PRIVATE KEY`, does not end as it begins", certificate,
      key.replacing("END PRIVATE", with: "END RSA PRIVATE")),
    Refused(
      "what its block `CERTIFICATE` holds is damaged", certificate.replacing("MIIB", with: "MII?"), key),
    Refused(
      "what its block `CERTIFICATE` holds is damaged", certificate.replacing("MIIB", with: "MIIC"), key),
    Refused(
      "what its block `PRIVATE KEY` holds is damaged", certificate, key.replacing("jtIe", with: "")),
  ]

  @Test("Anything else is refused", arguments: refused)
  func anythingElseIsRefused(_ value: Refused) {
    let error = #expect(throws: MalformedSecret.self) { try read(value.text) }
    #expect(error?.message == value.reason)
  }
}
