import Planning

/// A command to be run beside a service: in its environment, its folder and its isolation.
public struct ExecRequest: Sendable, Equatable {
  /// The workload whose service the command runs beside.
  public var key: WorkloadKey
  /// The instance whose service the command runs beside.
  public var instance: InstanceID
  /// The service that the command runs beside.
  public var service: String
  /// The program and its arguments; never empty.
  public var command: [String]
  /// The size of the terminal that the command gets; `nil` gives it three plain streams.
  public var terminal: TerminalSize?

  public init(
    key: WorkloadKey, instance: InstanceID, service: String, command: [String], terminal: TerminalSize? = nil
  ) {
    self.key = key
    self.instance = instance
    self.service = service
    self.command = command
    self.terminal = terminal
  }
}

/// How large a terminal is, in characters.
public struct TerminalSize: Sendable, Equatable {
  /// Characters in a row.
  public var columns: Int
  /// The height in lines of text.
  public var rows: Int

  public init(columns: Int, rows: Int) {
    self.columns = columns
    self.rows = rows
  }
}

/// What a command that runs is given, in order.
public enum ExecInput: Sendable, Equatable {
  /// Bytes for its standard input, or typed at its terminal.
  case bytes([UInt8])
  /// Its standard input ends.
  case end
  /// Its terminal has another size now.
  case resize(TerminalSize)
}

/// What a command that runs wrote.
public struct ExecOutput: Sendable, Equatable {
  /// Whether it was written to standard error; never with a terminal, which has one stream.
  public var isError: Bool
  /// The bytes, as they came.
  public var bytes: [UInt8]

  /// A piece of output.
  public init(isError: Bool = false, bytes: [UInt8]) {
    self.isError = isError
    self.bytes = bytes
  }
}
