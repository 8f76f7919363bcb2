import Foundation

/// A folder that is deleted with the object.
package final class TemporaryFolder: Sendable {
  package let path: String

  package init() throws {
    path = "/tmp/berth-test-\(UUID().uuidString.prefix(13))"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// Writes a file, with the folders that lead to it.
  @discardableResult
  package func write(_ name: String, _ text: String, isProgram: Bool = false) throws -> String {
    let file = "\(path)/\(name)"
    try FileManager.default.createDirectory(
      atPath: String(file[..<file.lastIndex(of: "/")!]), withIntermediateDirectories: true)
    // A file that is written in place can't be run while another program that is being started still has it
    // open.
    let written = isProgram ? "\(file).new" : file
    try text.write(toFile: written, atomically: false, encoding: .utf8)
    if isProgram {
      try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: written)
      if FileManager.default.fileExists(atPath: file) { try FileManager.default.removeItem(atPath: file) }
      try FileManager.default.moveItem(atPath: written, toPath: file)
    }
    return file
  }

  package func read(_ name: String) -> String? {
    try? String(contentsOfFile: "\(path)/\(name)", encoding: .utf8)
  }
}
