import Foundation

/// Texts in the repository that are made from the code, and have to be what the code makes.
public enum GeneratedText {
  /// Whether they are written anew instead of compared: `BERTH_UPDATE_SPECS` is set, as `make docs` does it.
  public static let isWritten = ProcessInfo.processInfo.environment["BERTH_UPDATE_SPECS"] != nil

  /// The text that is kept at a path, empty if no file is there.
  ///
  /// - Parameter made: what the code makes, and what is written first if texts are written anew; an empty one removes the file.
  public static func kept(at path: String, made: String) throws -> String {
    if isWritten {
      try? FileManager.default.removeItem(atPath: path)
      if !made.isEmpty { try made.write(toFile: path, atomically: true, encoding: .utf8) }
    }
    guard FileManager.default.fileExists(atPath: path) else { return "" }
    return try String(contentsOfFile: path, encoding: .utf8)
  }
}
