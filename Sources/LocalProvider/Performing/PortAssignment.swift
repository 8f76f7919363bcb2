import Planning
import Supervisor
import WorkloadSpec

/// Gives ports of this machine to a service.
enum PortAssignment {
  /// Where ports are assigned from: below what Linux gives to outgoing connections (32768 on), so that no other
  /// program's connection can sit on a port between two starts of a service.
  static let assignable = 20_000..<32_768

  /// The ports of a service: those that the spec pins, those that it was given before, and for the others,
  /// free ones. The search for a free one starts at a place of its own for each name, so that a service made
  /// again mostly gets its old port.
  ///
  /// - Parameters:
  ///   - kept: what the service was given before.
  ///   - taken: ports that belong to other services, whether they run or not.
  ///   - seed: what tells this service apart from all others.
  ///   - isFree: whether nothing on the machine uses a port.
  /// - Returns: `nil` if there are no free ports left.
  static func assign(
    _ ports: [Port], kept: [AssignedPort], taken: Set<Int>, seed: String,
    isFree: (Int, HostPorts.Transport) -> Bool
  ) -> [AssignedPort]? {
    var used = taken
    for port in ports { if let host = port.host { used.insert(host) } }
    var assigned: [AssignedPort] = []
    for port in ports {
      let transport = HostPorts.Transport(spelledLike: port.protocol)
      let before = kept.first { $0.container == port.container && $0.transport == transport }
      let host: Int
      if let pinned = port.host {
        host = pinned
      } else if let before, !used.contains(before.host), assignable.contains(before.host) {
        host = before.host
      } else {
        let start = position(of: "\(seed)/\(port.identity)")
        let count = assignable.count
        let candidates = (0..<count).lazy.map {
          assignable.lowerBound + (start + $0) % count
        }
        guard let free = candidates.first(where: { !used.contains($0) && isFree($0, transport) }) else {
          return nil
        }
        host = free
      }
      used.insert(host)
      assigned.append(AssignedPort(container: port.container, transport: transport, host: host))
    }
    return assigned
  }

  /// A number below the count of ports that is always the same for a text (FNV-1a).
  private static func position(of text: String) -> Int {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
    return Int(hash % UInt64(assignable.count))
  }
}
