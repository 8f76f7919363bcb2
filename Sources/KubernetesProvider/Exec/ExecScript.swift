import ProviderKit

/// How a command is started in a container that has a shell: marked, so that it can be ended, and on servers that can't
/// tell a command that its input has ended, with a loop before it that can.
enum ExecScript {
  /// The variable that tells the command's processes from all others in the container.
  static let mark = "BERTH_EXEC"

  /// Marks the command, and becomes it.
  private static let plain = #"export \#(mark)="$1"; shift; exec "$@""#

  /// Marks the command, and passes on to it what comes in frames, until the last one. The loop tells its process id first,
  /// so that it ends with the command: it waits for a frame that may never come. A shell says nothing of one that SIGPIPE
  /// ended; where that is ignored, SIGTERM ends it.
  private static let framed =
    #"export \#(mark)="$1"; shift; exec 3<&0; "#
    + #"{ sh -c 'echo $PPID'; while IFS= read -r l <&3 && [ "$l" != . ]; do printf %b "$l"; done; } | "#
    + #"{ exec 3<&-; read -r p; "$@"; c=$?; kill -PIPE "$p" 2>/dev/null; kill "$p" 2>/dev/null; exit $c; }"#

  /// Ends all marked processes.
  private static let end =
    #"for p in /proc/[0-9]*; do grep -q "\#(mark)=$1" $p/environ && kill -9 ${p#/proc/}; done; exit 0"#

  /// The command as it is run.
  ///
  /// - Parameters:
  ///   - token: what marks it.
  ///   - isFramed: whether its input comes in frames.
  static func starting(_ command: [String], token: String, isFramed: Bool) -> [String] {
    ["sh", "-c", isFramed ? framed : plain, "sh", token] + command
  }

  /// The command that ends what was marked.
  static func ending(_ token: String) -> [String] { ["sh", "-c", end, "sh", token] }

  static let lastFrame = Array(".\n".utf8)

  /// Bytes in frames: lines in which the shell's `printf` is told what is no letter or digit by its number, of three digits,
  /// so that none after it is taken for a part of it.
  static func frames(of bytes: [UInt8]) -> [UInt8] {
    var frames: [UInt8] = []
    frames.reserveCapacity(bytes.count * 2)
    for (index, byte) in bytes.enumerated() {
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"):
        frames.append(byte)
      default:
        frames += Array("\\0".utf8)
        for shift in [6, 3, 0] { frames.append(UInt8(ascii: "0") + (byte >> UInt8(shift)) & 7) }
      }
      if index % frameLength == frameLength - 1 || index == bytes.count - 1 {
        frames.append(UInt8(ascii: "\n"))
      }
    }
    return frames
  }

  /// How many bytes a frame holds: a shell keeps a line in memory.
  private static let frameLength = 1024
}
