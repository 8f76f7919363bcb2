import Planning
import ProviderKit
import Secrets
import Testing
import WorkloadSpec

@Suite struct ActionContextSecretsTests {
  let context = ActionContext(
    key: WorkloadKey(name: "shop"), desired: nil, run: RunID("run"), timeout: .seconds(1),
    secrets: ["a": SecretValue(bytes: Array("${root}".utf8)), "b": SecretValue(bytes: [0, 255])],
    secretDigests: ["a": "digest of a", "b": "digest of b"])

  @Test("Secrets are filled in and nothing is filled into them")
  func secretsAreFilledInAndNothingIsFilledIntoThem() throws {
    func filled(_ text: String) throws -> [UInt8] {
      try context.fillingSecrets(of: text) { $0.replacing("root", with: "/r") }.bytes
    }
    #expect(try filled("plain $5") == Array("plain $5".utf8))
    #expect(try filled("<${secret.b}>") == [0x3C, 0, 255, 0x3E])
    #expect(try filled("$${secret.b}") == Array("${secret.b}".utf8))
    #expect(try filled("root/${secret.a}") == Array("/r/${root}".utf8))
    #expect("\(try context.fillingSecrets(of: "${secret.a}"))" == "(secret)")
  }

  @Test("A secret without a value is a failure") func aSecretWithoutAValueIsAFailure() {
    let failure = #expect(throws: ActionFailure.self) {
      try context.fillingSecrets(of: "${secret.a}${secret.c}")
    }
    #expect(failure?.message == "the secret `c` has no value")
  }

  @Test("Stamps hold a digest for every use") func stampsHoldADigestForEveryUse() {
    var service = Service()
    service.env = ["URL": "${secret.a}@${secret.b}", "PLAIN": "x"]
    var listed = SecretReference()
    listed.key = "b"
    listed.type = .file
    listed.as = "/etc/b"
    service.secrets = [listed]
    #expect(
      context.secretDigests(of: service) == [
        "env.URL=a": "digest of a", "env.URL=b": "digest of b", "file//etc/b": "digest of b",
      ])
  }

  @Test("Digests differ by value name and key") func digestsDifferByValueNameAndKey() {
    let digest = SecretDigest.text(of: [1], named: "n", digestKey: [9])
    #expect(digest == SecretDigest.text(of: [1], named: "n", digestKey: [9]))
    #expect(digest != SecretDigest.text(of: [2], named: "n", digestKey: [9]))
    #expect(digest != SecretDigest.text(of: [1], named: "m", digestKey: [9]))
    #expect(digest != SecretDigest.text(of: [1], named: "n", digestKey: [8]))
    #expect(digest.count == 67 && digest.hasPrefix("v1:"))
  }
}
