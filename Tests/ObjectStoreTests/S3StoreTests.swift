import Testing

@testable import ObjectStore

/// How a bucket is stated.
@Suite struct S3StoreTests {
  @Test(
    "An address is a bucket and a prefix",
    arguments: [
      ("history", "history", ""), ("history/", "history", ""), ("history/berth", "history", "berth/"),
      ("my.team-1/a/b_c/", "my.team-1", "a/b_c/"), ("123/a=b", "123", "a=b/"),
    ]) func anAddressIsABucketAndAPrefix(address: String, bucket: String, prefix: String)
  {
    #expect(S3Store.problem(with: address) == nil)
    let store = S3Store(address: address)
    #expect(store.bucket == bucket && store.prefix == prefix)
  }

  @Test(
    "What can be no bucket or no prefix is told",
    arguments: [
      "", "ab", "/a", "His", "-ab", "ab-", "a..b", "a_b", "history//a", "history/../a", "history/a b",
      "history/ä", "history/?x",
      String(repeating: "a", count: 64), "history/" + String(repeating: "a", count: 600),
    ]) func whatCanBeNoBucketIsTold(address: String)
  {
    #expect(S3Store.problem(with: address) != nil)
  }

  @Test("An object holds what it keeps, and no two are alike") func anObjectHoldsWhatItKeeps() {
    let contents = Array("{}\n".utf8)
    let (one, two) = (RegisterObject.write(contents), RegisterObject.write(contents))
    #expect(one != two && RegisterObject.read(one) == .register(contents))
    #expect(RegisterObject.read(RegisterObject.write([])) == .register([]))
    let gone = RegisterObject.tombstone()
    #expect(gone.count == RegisterObject.goneSize && RegisterObject.read(gone) == .tombstone)
    for bytes in [[], contents, Array("berth x\n".utf8), gone + [1]] as [[UInt8]] {
      #expect(RegisterObject.read(bytes) == .foreign)
    }
  }
}
