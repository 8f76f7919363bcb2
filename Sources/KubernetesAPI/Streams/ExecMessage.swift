import NIOCore

/// A message between a client and a command in a container, as the protocols `v4.channel.k8s.io` and
/// `v5.channel.k8s.io` have it: the number of a channel, and what is sent on it.
enum ExecMessage: Equatable {
  case input([UInt8])
  case output([UInt8])
  case error([UInt8])
  /// How the command ended: a `Status`.
  case status([UInt8])
  /// The terminal has another size.
  case resize(columns: Int, rows: Int)
  /// Nothing more comes on a channel: the fifth version only.
  case close(channel: UInt8)

  static let v4 = "v4.channel.k8s.io"
  static let v5 = "v5.channel.k8s.io"

  static let inputChannel: UInt8 = 0
  private static let closeSignal: UInt8 = 255

  /// Reads a message; `nil` if it makes no sense.
  init?(_ bytes: some Collection<UInt8>) {
    guard let channel = bytes.first else { return nil }
    let content = Array(bytes.dropFirst())
    switch channel {
    case 1: self = .output(content)
    case 2: self = .error(content)
    case 3: self = .status(content)
    case Self.closeSignal:
      guard content.count == 1 else { return nil }
      self = .close(channel: content[0])
    default: return nil
    }
  }

  /// The message as it is sent.
  var bytes: ByteBuffer {
    switch self {
    case .input(let content): message(Self.inputChannel, content)
    case .output(let content): message(1, content)
    case .error(let content): message(2, content)
    case .status(let content): message(3, content)
    case .resize(let columns, let rows):
      message(4, Array(#"{"Width":\#(columns),"Height":\#(rows)}"#.utf8))
    case .close(let channel): message(Self.closeSignal, [channel])
    }
  }

  private func message(_ channel: UInt8, _ content: [UInt8]) -> ByteBuffer {
    var buffer = ByteBuffer(integer: channel)
    buffer.writeBytes(content)
    return buffer
  }
}
