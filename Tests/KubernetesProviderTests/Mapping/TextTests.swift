import KubernetesAPI
import Planning
import ProviderKit
import Testing
import WorkloadSpec

@testable import KubernetesProvider

@Suite("How texts, amounts and names are written on a cluster")
struct TextTests {
  @Test(
    "A text is what it was when Kubernetes has expanded it",
    arguments: [
      ("plain", "plain"), ("$HOME", "$HOME"), ("$(HOME)", "$$(HOME)"), ("$$", "$$$"), ("a$", "a$"),
      ("$$(X)", "$$$$(X)"), ("$a$(b", "$a$$(b"), ("", ""),
    ])
  func expansion(_ text: String, _ written: String) {
    #expect(Expansion.escape(text) == written)
    #expect(Expansion.unescape(written) == text)
    #expect(Self.expanded(written) == text)
  }

  /// As Kubernetes expands a text where there are no variables.
  private static func expanded(_ text: String) -> String {
    var result = ""
    var rest = text[...]
    while let character = rest.popFirst() {
      if character == "$", rest.first == "$" { rest.removeFirst() }
      result.append(character)
    }
    return result
  }

  @Test(
    "An amount is written as a server would write it, and read however it is written",
    arguments: [
      ("256Mi", "256Mi"), ("1024Mi", "1Gi"), ("500M", "500M"), ("1.5Gi", "1536Mi"), ("1.5k", "1500"),
      ("1000k", "1M"), ("1500Ki", "1500Ki"),
    ])
  func amounts(_ text: String, _ written: String) throws {
    let quantity = try #require(ByteQuantity(text))
    #expect(quantity.amount == .string(written))
    #expect(ByteQuantity(amount: .string(written)) == quantity)
    #expect(ByteQuantity(amount: .int(quantity.bytes)) == quantity)
  }

  @Test("A number of seconds is what was stated if it was rounded up to that")
  func seconds() {
    let stated = SpecDuration(milliseconds: 1500)
    #expect(stated.wholeSeconds == 2)
    #expect(SpecDuration.live(stated, 2) == stated)
    #expect(SpecDuration.live(stated, 3) == .seconds(3))
    #expect(SpecDuration.live(stated, nil) == nil)
    #expect(SpecDuration(milliseconds: 1).wholeSeconds == 1)
  }

  @Test(
    "Names of labels are told from other texts",
    arguments: [
      ("owner", true), ("example.com/owner", true), ("a/b/c", false), ("", false), ("-a", false),
      ("UPPER_case.1", true), ("Upper.com/a", false), ("a b", false),
      (String(repeating: "a", count: 64), false),
    ])
  func labelNames(_ text: String, _ isName: Bool) { #expect(LabelText.isName(text) == isName) }

  @Test("A server has what its version has, and one of unknown version everything")
  func features() {
    let older = EngineFacts(kubernetes: ServerVersion(major: 1, minor: 28))
    #expect(older.version == "1.28")
    #expect(older.has(.grpcChecks))
    #expect(!older.has(.nativeSidecars))
    #expect(Array(older.obstacles.keys) == ["dependsOn"])
    let newer = EngineFacts(kubernetes: ServerVersion(major: 2, minor: 0))
    #expect(ServerFeature.allCases.allSatisfy(newer.has))
    #expect(newer.obstacles.isEmpty)
    #expect(ServerFeature.allCases.allSatisfy(EngineFacts().has))
    #expect(ServerFeature.allCases.allSatisfy(EngineFacts(version: "unknown").has))
  }

  @Test("Addresses lead to the pod itself, and to the Service of another workload")
  func addresses() throws {
    let cases = [
      ("address.db.5432", "localhost:5432"), ("host.db", "localhost"), ("port.db.5432", "5432"),
      ("address.orders/db.5432", "orders:5432"), ("host.orders/db", "orders"),
    ]
    for (name, text) in cases {
      let reference = try #require(AddressReference(name))
      #expect(Addressing.podText(of: reference) == text)
    }
  }
}
