import Testing

@testable import DockerAPI

@Suite struct RequestTests {
  @Test(
    "Encodes what is asked",
    arguments: [
      (Request(.GET, "containers", "json"), "/v1.41/containers/json"),
      (
        Request(.GET, "images", "registry:5000/shop/api:1", "json"),
        "/v1.41/images/registry:5000/shop/api:1/json"
      ),
      (Request(.GET, "containers", "a b?c#d%é", "json"), "/v1.41/containers/a%20b%3Fc%23d%25%C3%A9/json"),
      (Request(.GET, "x").with("all", true).with("force", false), "/v1.41/x?all=true"),
      (Request(.GET, "x").with("path", "/a b&c=d+e").with("t", nil), "/v1.41/x?path=/a%20b%26c%3Dd%2Be"),
      (
        Request(.GET, "x").with(filters: ["label": ["a=b"]]),
        "/v1.41/x?filters=%7B%22label%22:%5B%22a%3Db%22%5D%7D"
      ),
    ])
  func encodesWhatIsAsked(_ request: Request, target: String) {
    #expect(request.target(version: .oldest) == target)
  }

  @Test(
    "Splits names of images",
    arguments: [
      ("busybox", "busybox", nil), ("busybox:1", "busybox", "1"),
      ("registry:5000/shop/api", "registry:5000/shop/api", nil),
      ("registry:5000/shop/api:2.4", "registry:5000/shop/api", "2.4"),
      ("shop/api@sha256:abc", "shop/api", "sha256:abc"),
      ("shop/api:2@sha256:abc", "shop/api:2", "sha256:abc"),
    ] as [(String, String, String?)])
  func splitsNamesOfImages(_ name: String, repository: String, reference: String?) {
    #expect(ImageCalls.split(name) == (repository, reference))
  }

  @Test("Reads versions", arguments: [("1.41", 1, 41), ("2.0", 2, 0)])
  func readsVersions(_ text: String, major: Int, minor: Int) {
    #expect(APIVersion(text) == APIVersion(major: major, minor: minor))
  }

  @Test("Refuses what is no version", arguments: ["", "1", "1.", "1.41.0", "v1.41", "1.-1"])
  func refusesWhatIsNoVersion(_ text: String) { #expect(APIVersion(text) == nil) }

  @Test("Versions have an order") func versionsHaveAnOrder() throws {
    #expect(try #require(APIVersion("1.9")) < #require(APIVersion("1.41")))
  }
}
