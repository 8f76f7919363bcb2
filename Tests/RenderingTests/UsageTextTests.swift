import Planning
import Rendering
import Testing
import Values

@testable import Rendering

@Suite struct UsageTextTests {
  private static let rows = [
    row("shop", 0, "api", cpu: 0.1234, memory: 48 << 20, limit: 50 << 20, files: 9, processes: 1),
    row("shop", 0, "envoy", cpu: 1.5, memory: 900, limit: nil, files: nil, processes: nil),
    row("shop", 1, "api", cpu: nil, memory: 3 << 30, limit: 4 << 30, files: 12, processes: 20),
    row("web", 0, "api", cpu: 0, memory: 0, limit: nil, files: 3, processes: 1),
  ]

  private static func row(
    _ workload: String, _ instance: Int, _ service: String, cpu: Double?, memory: UInt64, limit: UInt64?,
    files: Int?, processes: Int?
  ) -> UsageSample {
    UsageSample(
      key: WorkloadKey(name: workload), instance: InstanceID(instance), service: service, processorsBusy: cpu,
      cpuTime: .milliseconds(1500), memory: memory, memoryLimit: limit, openFiles: files, processes: processes
    )
  }

  @Test("Every service has a row") func everyServiceHasARow() {
    #expect(
      UsageText.render(Self.rows, style: TextStyle()) == """
        WORKLOAD  INSTANCE  SERVICE  CPU     MEMORY  LIMIT   FILES  PROCESSES
        shop      0         api      12.3%   48.0Mi  50.0Mi  9      1
                            envoy    150.0%  900B    -       -      -
                  1         api      -       3.0Gi   4.0Gi   12     20
        web       0         api      0.0%    0B      -       3      1

        """)
    #expect(UsageText.render([], style: TextStyle()) == "Nothing runs.\n")
  }

  @Test("A service near its limit stands out") func aServiceNearItsLimitStandsOut() {
    let text = UsageText.render(Self.rows, style: TextStyle(colour: true))
    #expect(text.contains("\u{1B}[1;33m48.0Mi\u{1B}[0m"))
    #expect(!text.contains("\u{1B}[1;33m3.0Gi"))
  }

  @Test("Programs get plain numbers") func programsGetPlainNumbers() throws {
    let rows = try #require(try Value(json: UsageJSON.render(Self.rows)).list)
    #expect(rows.count == 4)
    #expect(rows[0]["cpu"] == 123)
    #expect(rows[0]["cpuTime"] == 1500)
    #expect(rows[0]["memoryLimit"]?.int == 50 << 20)
    #expect(rows[1]["memoryLimit"] == .null)
    #expect(rows[2]["cpu"] == .null)
    #expect(UsageJSON.line(Self.rows).split(separator: "\n").count == 1)
  }

  @Test(
    "Bytes are short",
    arguments: [
      (UInt64(0), "0B"), (1023, "1023B"), (1024, "1.0Ki"), (1536, "1.5Ki"), (1 << 20, "1.0Mi"),
      (50_538_000, "48.2Mi"), (1 << 30, "1.0Gi"), (UInt64.max, "16.0Ei"),
    ])
  func bytesAreShort(_ bytes: UInt64, _ text: String) {
    #expect(ByteText.short(bytes) == text)
  }
}
