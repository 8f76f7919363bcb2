import Diagnostics
import Foundation
import SpecImport
import UserFiles

/// Where imported specs are written to: one file, or one for each workload in a folder.
struct ImportOutput {
  private let path: String
  private let isFolder: Bool
  private let overwrites: Bool

  /// A path that ends in `/` or leads to a folder is a folder.
  init(path: String, overwrites: Bool) {
    var isDirectory: ObjCBool = false
    let exists = FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory)
    isFolder = path.hasSuffix("/") || (exists && isDirectory.boolValue)
    self.path = path
    self.overwrites = overwrites
  }

  /// The folder that files are written to; empty for the working folder.
  var folder: String {
    let folder = isFolder ? path : (path as NSString).deletingLastPathComponent
    return folder.count > 1 && folder.hasSuffix("/") ? String(folder.dropLast()) : folder
  }

  /// Writes all specs or none; returns the paths.
  ///
  /// - Throws: ``DiagnosticError`` if a file is there already, or can't be written.
  func write(_ result: ImportResult) throws -> [String] {
    let files =
      isFolder
      ? result.workloads.map { ("\(folder)/\($0.name).yaml", $0.text) } : [(path, result.text)]
    if !overwrites {
      let existing = files.map(\.0).filter { FileManager.default.fileExists(atPath: $0) }
      guard existing.isEmpty else {
        throw DiagnosticError(
          Diagnostics(
            existing.map {
              Diagnostic(
                .importExists, "`\($0)` is there already",
                help: "write somewhere else, or add `--force` to overwrite it")
            }))
      }
    }
    do {
      if !folder.isEmpty {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
      }
    } catch {
      throw DiagnosticError(
        Diagnostic(
          .unwritableFile, "the folder `\(folder)` can't be made: \(error.localizedDescription)",
          help: "check the path and the rights of its folder"))
    }
    do throws(OutputFileError) {
      try OutputFile.write(files.map { ($0.0, Array($0.1.utf8)) }, mode: 0o644)
    } catch {
      throw DiagnosticError(Diagnostic(error))
    }
    return files.map(\.0)
  }
}
