#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Sends a signal to a process, or to a process group by its negative number.
func sendSignal(_ number: Int32, to process: pid_t) { _ = kill(process, number) }
