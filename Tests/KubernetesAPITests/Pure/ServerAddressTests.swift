import Testing
import Wire

@testable import KubernetesAPI

@Suite struct ServerAddressTests {
  @Test(
    "An address is read",
    arguments: [
      ("https://a.example.com:6443", "https://a.example.com:6443"),
      ("https://a.example.com", "https://a.example.com:443"),
      ("HTTPS://10.0.0.1/", "https://10.0.0.1:443"), ("https://[::1]:6443", "https://[::1]:6443"),
      ("https://rancher/k8s/clusters/c-1/", "https://rancher:443/k8s/clusters/c-1"),
      ("http://localhost:8080", "http://localhost:8080"),
    ])
  func anAddressIsRead(_ text: String, _ shown: String) throws {
    #expect(try ServerAddress(text, schemes: [.https, .http]).description == shown)
  }

  @Test(
    "What is no address is an error",
    arguments: [
      ("10.0.0.1:6443", "it does not start with https:// or http://"),
      ("ftp://a", "it does not start with https:// or http://"),
      ("https://", "it names no machine"), ("https://a:0", "its port is not a number from 1 to 65535"),
      ("https://a:x", "its port is not a number from 1 to 65535"),
      ("https://[::1", "the ']' after the IPv6 address is missing"),
      ("https://a?b", "it has a '?' or a '#'"),
      ("https://a b", "the name of the machine has a character that none may have"),
      ("https://a\r\nX: y", "the name of the machine has a character that none may have"),
    ])
  func whatIsNoAddressIsAnError(_ text: String, _ message: String) {
    let error = #expect(throws: ServerAddress.Failure.self) {
      try ServerAddress(text, schemes: [.https, .http])
    }
    #expect(error?.message == message)
  }

  @Test("The login of a proxy is kept and not shown") func theLoginOfAProxyIsKeptAndNotShown() throws {
    let proxy = try ServerAddress("http://ada:p%40ss@proxy:3128", schemes: [.http])
    #expect(proxy.login == "ada:p@ss")
    #expect(proxy.description == "http://proxy:3128")
  }
}
