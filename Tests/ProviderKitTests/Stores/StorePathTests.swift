import Planning
import ProviderContract
import ProviderKit
import Testing

/// Where the history of an engine is that another place keeps.
@Suite struct StorePathTests {
  @Test(
    "A plain identity is the path", arguments: ["7f3c2a10-58b1-4b8e-9d7a-5a0c9e1b2d3f", "0a1b", "eu-west-1"])
  func aPlainIdentityIsThePath(id: String) {
    #expect(EngineIdentity(provider: "docker", id: id).storePath == "docker/\(id)")
  }

  @Test("Identities that differ have paths that differ")
  func identitiesThatDifferHavePathsThatDiffer() {
    let ids = [
      "a", "A", "a/b", "a-b", "a.b", "a_b", "", "7TRN:IPZB", "7trn:ipzb", "heads",
      String(repeating: "a", count: 63),
      String(repeating: "a", count: 64), "ä",
    ]
    let paths = ids.flatMap { id in
      ["docker", "local"].map { EngineIdentity(provider: $0, id: id).storePath }
    }
    #expect(Set(paths).count == paths.count)
    for path in paths {
      #expect(path.split(separator: "/").count == 2)
      #expect(path.allSatisfy { $0.isASCII && ($0.isLowercase || $0.isNumber || "-_/".contains($0)) })
    }
  }

  @Test(
    "The name of a register tells whose history it is of",
    arguments: [
      ("heads/default_shop", nil, "heads/default_shop"), ("keys/default_plans", nil, "keys/default_plans"),
      ("records/default_shop/runs/1", nil, "records/default_shop/runs/1"), ("heads/", nil, "heads/"),
      ("docker/7f/heads/default_shop", "docker/7f", "heads/default_shop"),
      ("docker/7f/heads/", "docker/7f", "heads/"),
      ("docker/heads/records/default_shop/runs/1", "docker/heads", "records/default_shop/runs/1"),
    ] as [(String, String?, String)])
  func theNameOfARegisterTellsWhoseHistoryItIsOf(register: String, owner: String?, name: String) {
    let address = RegisterOwner(of: register)
    #expect(address.owner == owner && address.name == name)
  }
}
