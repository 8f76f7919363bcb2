import Planning
import Values

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// What an engine takes from the world besides its provider: time, chance and who it works for.
public struct EngineEnvironment: Sendable {
  /// What time it is.
  public var now: @Sendable () -> Timestamp
  /// A clock that only goes forward, from any beginning.
  public var uptime: @Sendable () -> Duration
  /// Waits, or throws `CancellationError`.
  public var sleep: @Sendable (Duration) async throws -> Void
  /// Names a run that starts at a moment.
  public var makeRunID: @Sendable (Timestamp) -> RunID
  /// Makes a text that is unique among all holders of locks.
  public var makeToken: @Sendable () -> String
  /// Who runs it: `user@host`.
  public var user: String
  /// The number of the process, as a person would look it up.
  public var processID: Int

  /// An environment made of its parts.
  public init(
    now: @escaping @Sendable () -> Timestamp, uptime: @escaping @Sendable () -> Duration,
    sleep: @escaping @Sendable (Duration) async throws -> Void,
    makeRunID: @escaping @Sendable (Timestamp) -> RunID, makeToken: @escaping @Sendable () -> String,
    user: String, processID: Int
  ) {
    self.now = now
    self.uptime = uptime
    self.sleep = sleep
    self.makeRunID = makeRunID
    self.makeToken = makeToken
    self.user = user
    self.processID = processID
  }

  /// The real world.
  public static var live: EngineEnvironment {
    let start = ContinuousClock.now
    return EngineEnvironment(
      now: { Timestamp(milliseconds: millisecondsSince1970()) },
      uptime: { start.duration(to: .now) },
      sleep: { try await Task.sleep(for: $0) },
      makeRunID: { RunID("\(compact($0))-\(randomDigits(6))") },
      makeToken: { randomDigits(32) },
      user: "\(userName())@\(hostName())", processID: Int(getpid()))
  }

  /// `20261121t024700z`.
  private static func compact(_ moment: Timestamp) -> String {
    moment.description.lowercased().filter { $0 != "-" && $0 != ":" }
  }

  private static func randomDigits(_ count: Int) -> String {
    String((0..<count).map { _ in "0123456789abcdef".randomElement() ?? "0" })
  }

  private static func millisecondsSince1970() -> Int64 {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
  }

  private static func userName() -> String {
    var entry = passwd()
    var buffer = [CChar](repeating: 0, count: 16_384)
    var found: UnsafeMutablePointer<passwd>?
    guard getpwuid_r(geteuid(), &entry, &buffer, buffer.count, &found) == 0, let name = found?.pointee.pw_name
    else { return "\(geteuid())" }
    return String(cString: name)
  }

  private static func hostName() -> String {
    var buffer = [CChar](repeating: 0, count: 256)
    guard gethostname(&buffer, buffer.count - 1) == 0 else { return "unknown" }
    return String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}
