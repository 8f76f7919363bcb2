#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The clock of this machine.
package enum WallClock {
  /// The time, in seconds since 1970.
  package static var seconds: Int64 { Int64(time(nil)) }
}
