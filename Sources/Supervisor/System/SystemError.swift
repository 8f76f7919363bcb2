#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A system call that failed.
package struct SystemError: Error, Equatable, CustomStringConvertible {
  /// What was being done: `open /etc/hosts`.
  let operation: String
  /// The `errno` value.
  package let code: Int32

  /// A call that failed.
  ///
  /// - Parameters:
  ///   - operation: what was being done.
  ///   - code: the `errno` value; by default the one of now.
  package init(_ operation: String, code: Int32 = errno) {
    self.operation = operation
    self.code = code
  }

  /// The system's own words for a code: `No such file or directory`.
  package static func text(for code: Int32) -> String { String(cString: strerror(code)) }

  /// What was being done, and the system's own words for why it failed.
  package var description: String { "\(operation): \(Self.text(for: code))" }
}
