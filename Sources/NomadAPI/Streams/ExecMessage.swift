import NIOCore
import Values

/// What is said between a client and a command in a task: objects of JSON, as `api/allocations_exec.go` has them.
enum ExecMessage {
  /// What is sent.
  enum Sent {
    case input([UInt8])
    /// Nothing more comes.
    case inputEnds
    case resize(columns: Int, rows: Int)
    /// A sign of life.
    case heartbeat

    var json: JSON {
      switch self {
      case .input(let bytes): ["stdin": ["data": .string(Base64.encode(bytes))]]
      case .inputEnds: ["stdin": ["close": true]]
      case .resize(let columns, let rows):
        ["tty_size": ["height": .int(Int64(rows)), "width": .int(Int64(columns))]]
      case .heartbeat: [:]
      }
    }
  }

  /// What comes; several things may come in one message.
  struct Received: Equatable {
    var output: [UInt8] = []
    var error: [UInt8] = []
    /// The exit code; it is left out where it is 0.
    var exitCode: Int?

    /// Reads a message; `nil` if it makes no sense.
    init?(_ bytes: ByteBuffer) {
      guard let json = try? JSON(parsing: bytes), json.members != nil else { return nil }
      guard let output = Self.data(json["stdout"]), let error = Self.data(json["stderr"]) else { return nil }
      self.output = output
      self.error = error
      if json.flag("exited") { exitCode = (json["result"] ?? .null).number("exit_code") }
    }

    private static func data(_ json: JSON?) -> [UInt8]? {
      guard let text = json?["data"]?.string else { return [] }
      return Base64.decode(text)
    }
  }
}
