import Values

/// A line of a log, or a part of a very long one.
package struct LoggedLine: Sendable, Equatable {
  /// When it was written; `nil` if the server was not asked for that, or for all but the first part of a
  /// line.
  package let time: ServerTime?
  /// The bytes without the time and the line break.
  package let bytes: [UInt8]
  /// Whether the line goes on with the next one.
  package let goesOn: Bool

  package init(time: ServerTime?, bytes: [UInt8], goesOn: Bool) {
    self.time = time
    self.bytes = bytes
    self.goesOn = goesOn
  }
}
