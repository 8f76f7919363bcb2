#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A system call that failed.
struct SystemError: Error, Equatable, CustomStringConvertible {
  /// What was being done: `open /etc/hosts`.
  let operation: String
  /// The `errno` value.
  let code: Int32

  init(_ operation: String, code: Int32 = errno) {
    self.operation = operation
    self.code = code
  }

  /// The system's own words for a code: `No such file or directory`.
  static func text(for code: Int32) -> String { String(cString: strerror(code)) }

  var description: String { "\(operation): \(Self.text(for: code))" }
}
