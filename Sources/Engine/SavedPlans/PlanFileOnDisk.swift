import Diagnostics
import UserFiles

extension PlanFile {
  /// Reads a file; what is in it is not checked yet.
  ///
  /// - Throws: `DiagnosticError` if it can't be read, or is no file of saved plans.
  public init(path: String) throws {
    do {
      let bytes = try UserFile.bytes(of: path, atMost: Self.maximumSize)
      try self.init(text: String(decoding: bytes, as: UTF8.self), name: path)
    } catch let error as UserFileError {
      throw DiagnosticError(Diagnostic(error))
    }
  }

  /// The size of the largest file: 256 MiB.
  private static let maximumSize = 256 << 20

  /// Writes a file that only its owner can read: whole, or not at all.
  ///
  /// - Throws: `DiagnosticError` if it can't be written.
  public static func write(_ text: String, to path: String) throws {
    do throws(OutputFileError) {
      try OutputFile.write([(path, Array(text.utf8))], mode: 0o600, keepsMode: false)
    } catch {
      throw DiagnosticError(Diagnostic(error))
    }
  }
}
