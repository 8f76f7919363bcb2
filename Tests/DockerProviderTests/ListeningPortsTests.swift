import Testing

@testable import DockerProvider

/// Which ports of this machine are taken, by the system's own tables.
@Suite struct ListeningPortsTests {
  private static let header =
    "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n"

  private static func line(_ local: String, _ state: String) -> String {
    "   0: \(local) 00000000:0000 \(state) 00000000:00000000 00:00000000 00000000     0        0 4711 1\n"
  }

  @Test("What listens has its port") func whatListensHasItsPort() {
    let ports = ListeningPorts(
      tcp: Self.header + Self.line("0100007F:1F90", "0A") + Self.line("0100007F:1F91", "01") + Self.header
        + Self.line("00000000000000000000000000000000:0050", "0A"),
      udp: Self.header + Self.line("00000000:0035", "07"))
    #expect(ports.contains(8080, .tcp) && ports.contains(80, .tcp) && ports.contains(53, .udp))
    #expect(!ports.contains(8080, .udp) && !ports.contains(53, .tcp))
    // A connection that is open keeps nobody from listening.
    #expect(!ports.contains(8081, .tcp))
  }

  @Test(
    "What is no table tells nothing",
    arguments: ["", "\n\n", "nonsense", "0: 00000000 00000000:0000 0A", "0: 0:zz 0:0 0A"])
  func whatIsNoTableTellsNothing(table: String) {
    let ports = ListeningPorts(tcp: table, udp: table)
    #expect(ports == ListeningPorts(tcp: "", udp: ""))
  }
}
