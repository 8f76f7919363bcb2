import Engine
import Foundation
import Planning
import UserFiles
import WorkloadSpec

/// Files of saved plans on the disk.
enum SavedPlans {
  /// Reads a file; what is in it is not checked yet.
  static func read(_ path: String) throws -> PlanFile {
    do {
      let bytes = try UserFile.bytes(of: path, atMost: maximumSize)
      return try PlanFile(text: String(decoding: bytes, as: UTF8.self), name: path)
    } catch let error as UserFileError {
      throw DiagnosticError(Diagnostic(error))
    }
  }

  /// The size of the largest file: 256 MiB.
  private static let maximumSize = 256 << 20

  /// Writes a file that only its owner can read: whole, or not at all.
  static func write(_ text: String, to path: String) throws {
    let draft = "\(path).\(getpid())"
    let descriptor = open(draft, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw failure(path) }
    do {
      let file = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
      try file.write(contentsOf: Data(text.utf8))
      try file.synchronize()
      try file.close()
    } catch {
      unlink(draft)
      throw failure(path)
    }
    guard rename(draft, path) == 0 else {
      let error = failure(path)
      unlink(draft)
      throw error
    }
  }

  private static func failure(_ path: String) -> DiagnosticError {
    DiagnosticError(
      Diagnostic(
        .unreadableFile, "\(path) can't be written: \(String(cString: strerror(errno)))",
        help: "choose a file in a folder that you may write to"))
  }
}
