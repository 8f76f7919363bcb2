import ProviderKit
import Secrets
import Testing

@Suite struct RegistryCredentialsTests {
  private func read(_ text: String) throws(MalformedSecret) -> RegistryCredentials {
    try RegistryCredentials(SecretValue(bytes: Array(text.utf8)))
  }

  @Test(
    "Both forms are read",
    arguments: [
      ("ada:secret", "ada", "secret"), ("ada:se:cret\n", "ada", "se:cret"), ("ada: ", "ada", " "),
      (#"{"username": "ada", "password": "se\"cret"}"#, "ada", "se\"cret"),
      (#"{"password": "12.5", "username": "a:b", "email": "x"}"#, "a:b", "12.5"),
    ])
  func bothFormsAreRead(text: String, username: String, password: String) throws {
    let credentials = try read(text)
    #expect(credentials.username == username)
    #expect(credentials.password == password)
    let shown = "\(credentials) \(String(reflecting: credentials))"
    #expect(!shown.contains("cret"))
  }

  @Test(
    "Anything else is refused",
    arguments: [
      "", "ada", ":secret", "ada:", "ada:\n", "ada:one\ntwo", "{", "{}", #"{"username": "ada"}"#,
      #"{"username": "ada", "password": ["x"]}"#, "ada:\u{1}",
    ])
  func anythingElseIsRefused(_ text: String) {
    let error = #expect(throws: MalformedSecret.self) { try read(text) }
    #expect(error?.message == "it is neither `user:password` nor JSON with `username` and `password`")
  }

  @Test("Bytes that are no text are refused") func bytesThatAreNoTextAreRefused() {
    #expect(throws: MalformedSecret.self) { try RegistryCredentials(SecretValue(bytes: [0x61, 0x3A, 0xFF])) }
  }
}
