import Planning
import ProviderKit
import Secrets
import Testing
import Values
import WorkloadSpec

@testable import NomadProvider

@Suite("How texts, amounts and names are written on a cluster of Nomad")
struct TextTests {
  private static func service() -> Service {
    var service = Service()
    service.name = "api"
    return service
  }

  private static func text(
    _ text: String, _ network: String? = nil, _ driver: NomadDriver = .docker, secrets: Bool = false
  ) -> SpecText {
    SpecText(text, of: service(), in: InstanceNetwork(network, driver), mayHoldSecrets: secrets)
  }

  @Test(
    "A text is taken apart by who fills it in",
    arguments: [
      ("plain", nil, [SpecText.Part.text("plain")]), ("", nil, []),
      ("${root}/data", nil, [.text("/data")]),
      ("a ${address.db.5432} b", nil, [.text("a localhost:5432 b")]),
      ("${address.db.5432}", "host", [.variable("NOMAD_ADDR_db_5432")]),
      ("${host.db}", "host", [.variable("attr.unique.network.ip-address")]),
      ("${port.api.80}", "host", [.text("80")]),
      ("x ${secret.db}${secret.db}", nil, [.text("x "), .secret("db"), .secret("db")]),
      (
        "${port.orders/db.1}", nil,
        [.neighbour(AddressReference(.port, of: "db", workload: "orders", port: 1))]
      ),
      ("$${root}", nil, [.text("${root}")]), ("${HOME}", nil, [.text("${HOME}")]),
    ])
  func parts(_ text: String, _ network: String?, _ parts: [SpecText.Part]) {
    #expect(Self.text(text, network, secrets: true).parts == parts)
  }

  @Test("A process finds its own ports and its folder by what the client says")
  func processes() {
    let text = Self.text("${root} ${port.api.80} ${address.api.80}", nil, .rawExec)
    #expect(
      text.parts == [
        .variable("NOMAD_TASK_DIR"), .text(" "), .variable("NOMAD_PORT_api_80"), .text(" "),
        .variable("NOMAD_ADDR_api_80"),
      ])
    #expect(text.variable == "${NOMAD_TASK_DIR} ${NOMAD_PORT_api_80} ${NOMAD_ADDR_api_80}")
  }

  @Test(
    "An option is what it was when a client has read it as a template",
    arguments: [
      ("plain", "plain"), ("${HOME}", "$${HOME}"), ("%{if}", "%%{if}"), ("$(X) 50% {", "$(X) 50% {"),
      ("", ""),
    ])
  func options(_ text: String, _ written: String) {
    #expect(SpecText.escapeOption(text) == written)
    #expect(SpecText.unescapeOption(written) == text)
    #expect(Self.text(text).option == written)
  }

  @Test("A variable that a client would fill in is none of the task's list")
  func variables() {
    #expect(Self.text("${HOME}").variable == nil)
    #expect(Self.text("$HOME {}").variable == "$HOME {}")
    #expect(Self.text("${secret.db}", secrets: true).variable == nil)
    #expect(Self.text("${address.orders/db.1}").variable == nil)
  }

  private static let sources = TemplateSources(
    registry: .nomad, path: "nomad/jobs/shop/instance/api", items: ["db": "s_1"], values: nil)

  @Test("A line of a template is a text in quotes, whatever stands in it")
  func lines() {
    let line = Self.text("a \"b\" {{ ${secret.db}", secrets: true).line("URL", Self.sources)
    #expect(
      line
        == #"URL={{ printf "%s%s" "a \"b\" {{ " (base64Decode (index (nomadVar "nomad/jobs/shop/instance/api") "s_1").Value) | toJSON }}"#
        + "\n")
    #expect(Self.text("").line("EMPTY", Self.sources) == "EMPTY={{ printf \"%s\" \"\" | toJSON }}\n")
  }

  @Test("A file has what is no template as it is")
  func files() {
    let body = Self.text("{{ x }} ${secret.db}", secrets: true).template(Self.sources)
    #expect(
      body
        == #"{{ "{{" }} x }} {{ base64Decode (index (nomadVar "nomad/jobs/shop/instance/api") "s_1").Value }}"#
    )
    let older = TemplateSources(
      registry: .none, path: nil, items: [:], values: ["db": SecretValue(bytes: Array("{{ p".utf8))])
    #expect(Self.text("${secret.db}", secrets: true).template(older) == #"{{ "{{" }} p"#)
  }

  @Test("An address of another workload is looked up, by Nomad or by Consul")
  func neighbours() {
    let text = Self.text("db=${address.orders/db.5432}")
    let body = text.template(Self.sources)
    #expect(body.contains(#"range nomadService "orders--db--5432""#))
    #expect(body.hasPrefix("db={{ $n1 := \"\" }}"))
    #expect(body.hasSuffix("{{ $n1 }}"))
    let consul = TemplateSources(registry: .consul, path: nil, items: [:], values: nil)
    #expect(text.template(consul).contains(#"range service "orders--db--5432""#))
  }

  @Test("Amounts are rounded up, and are what was stated if they were rounded to that")
  func amounts() throws {
    let stated = try #require(ByteQuantity("1500Ki"))
    #expect(stated.mebibytes == 2)
    #expect(ByteQuantity.live(stated, 2) == stated)
    #expect(ByteQuantity.live(stated, 3) == ByteQuantity(mebibytes: 3))
    #expect(ByteQuantity.live(stated, 0) == nil)
    let cpu = try #require(CPUQuantity("1500m"))
    #expect(cpu.megahertz(2000) == 3000)
    #expect(CPUQuantity.live(cpu, 3000, 2000) == cpu)
    #expect(CPUQuantity.live(cpu, 1000, 2000) == CPUQuantity("500m"))
    #expect(SpecDuration(milliseconds: 1500).nanoseconds == 1_500_000_000)
    #expect(SpecDuration(nanoseconds: 1_500_000_001) == SpecDuration(milliseconds: 1501))
    #expect(SpecDuration(milliseconds: .max).nanoseconds == .int(.max))
  }

  @Test("Servers have what their version has, and those of unknown version everything")
  func features() {
    let older = EngineFacts(nomad: "1.3.6")
    #expect(older.has(.nativeServices))
    #expect(!older.has(.variables))
    #expect(!older.makesChecks)
    #expect(older.registry == .nomad)
    #expect(EngineFacts(nomad: "1.1.2").registry == .none)
    #expect(NomadFeature.allCases.allSatisfy(EngineFacts(nomad: "2.0.6-dev").has))
    #expect(NomadFeature.allCases.allSatisfy(EngineFacts().has))
    #expect(EngineFacts(nomad: "1.8.0+ent").obstacles["resources.oomScore"] != nil)
    #expect(EngineFacts(nomad: "1.8.1").obstacles["resources.oomScore"] == nil)
    var target = NomadTarget()
    target.driver = .rawExec
    #expect(EngineFacts(nomad: "1.10.0", target).driver == .rawExec)
    #expect(EngineFacts(nomad: "1.10.0", target).compared != EngineFacts(nomad: "1.10.0").compared)
    #expect(EngineFacts(nomad: "1.10.0").compared == EngineFacts(nomad: "1.11.0").compared)
  }

  @Test(
    "An instance is called as Nomad's own program calls it, and never like a place",
    arguments: [
      ("0a1b2c3d-1111-2222-3333-444444444444", "0a1b2c3d"),
      ("12345678-1111-2222-3333-444444444444", "12345678-1111"),
    ])
  func instances(_ allocation: String, _ name: String) {
    #expect(JobNames.instance(allocation, 2, .deployment).description == name)
    #expect(JobNames.instance(allocation, 2, .statefulSet) == InstanceID(2))
  }

  @Test("Tasks start in the order that Nomad keeps")
  func order() throws {
    let workload = try MappingCase(name: "ordered", version: MappingCase.newer).workload()
    let order = TaskOrder(workload.services)
    #expect(
      order.moments == ["second": .before, "first": .before, "api": .main, "proxy": .beside, "logs": .after])
    #expect(TaskOrder.unkept(workload.services).map(\.service) == ["proxy"])
  }
}
