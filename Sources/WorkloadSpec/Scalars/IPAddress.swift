import Values

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Addresses of IP, as texts.
public enum IPAddress {
  /// Whether a text is an address of IPv4 or IPv6, without brackets, zone and port.
  public static func isValid(_ text: String) -> Bool { isVersion4(text) || isVersion6(text) }

  /// Whether a text is an address of IPv4 in four decimal parts.
  public static func isVersion4(_ text: String) -> Bool {
    var address = in_addr()
    return !text.hasByte(0) && inet_pton(AF_INET, text, &address) == 1
  }

  /// Whether a text is an address of IPv6.
  public static func isVersion6(_ text: String) -> Bool {
    var address = in6_addr()
    return !text.hasByte(0) && inet_pton(AF_INET6, text, &address) == 1
  }

  /// The address in the one way that an engine tells it: `::1` of `0:0:0:0:0:0:0:1`; a text that is none stays.
  public static func canonical(_ text: String) -> String {
    var address = in6_addr()
    guard !text.hasByte(0), inet_pton(AF_INET6, text, &address) == 1 else { return text }
    var buffer = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
    guard inet_ntop(AF_INET6, &address, &buffer, socklen_t(buffer.count)) != nil else { return text }
    return String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  /// Whether an address stands for all addresses of a machine.
  public static func isWildcard(_ text: String) -> Bool { ["", "0.0.0.0", "::"].contains(canonical(text)) }
}
