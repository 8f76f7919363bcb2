import Foundation
import Synchronization

/// A terminal whose screen a test holds: what a program writes to it, and how large it says that it is.
final class PseudoTerminal: Sendable {
  private let master: Int32
  /// The end that a program is given.
  let slave: FileHandle
  private let transcript = Transcript()

  // Linux's TIOCSPTLCK and TIOCGPTN, which `unlockpt` and `ptsname` ask with; Swift sees neither.
  private static let unlock: UInt = 0x4004_5431
  private static let getNumber: UInt = 0x8004_5430

  /// A terminal with a size.
  init(columns: UInt16, rows: UInt16) throws {
    master = open("/dev/ptmx", O_RDWR | O_NOCTTY)
    var (lock, number): (Int32, UInt32) = (0, 0)
    guard master >= 0, ioctl(master, Self.unlock, &lock) == 0, ioctl(master, Self.getNumber, &number) == 0
    else { throw POSIXError(.ENXIO) }
    let descriptor = open("/dev/pts/\(number)", O_RDWR | O_NOCTTY)
    guard descriptor >= 0 else { throw POSIXError(.ENXIO) }
    slave = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
    resize(columns: columns, rows: rows)
    // It does not hold the terminal: without the program's end and this one, there is nothing left to read.
    Thread.detachNewThread { [master, transcript] in
      var buffer = [UInt8](repeating: 0, count: 65_536)
      while true {
        let count = read(master, &buffer, buffer.count)
        guard count > 0 else { break }
        transcript.bytes.withLock { $0 += buffer[..<count] }
      }
      close(master)
    }
  }

  /// What was written so far.
  var text: String { String(decoding: transcript.bytes.withLock { $0 }, as: UTF8.self) }

  /// Changes the size, as a user who drags the window does.
  func resize(columns: UInt16, rows: UInt16) {
    var size = winsize(ws_row: rows, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0)
    _ = ioctl(master, UInt(TIOCSWINSZ), &size)
  }

  /// Types something.
  func type(_ text: String) {
    _ = text.withCString { write(master, $0, strlen($0)) }
  }

  private final class Transcript: Sendable {
    let bytes = Mutex<[UInt8]>([])
  }
}
