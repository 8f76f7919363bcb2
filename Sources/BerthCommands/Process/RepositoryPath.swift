import Foundation
import UserFiles

/// Paths of files as the repository has them that a pipeline has checked out: by these a forge finds the lines of a change.
struct RepositoryPath {
  /// The folder of the repository; `nil` where no pipeline says which it is.
  private let root: String?

  /// The repository of the pipeline, by the variables that it sets.
  init(_ environment: [String: String]) {
    root = (environment["GITHUB_WORKSPACE"] ?? environment["CI_PROJECT_DIR"]).flatMap {
      $0.isEmpty ? nil : RealPath.of($0)
    }
  }

  /// A path that is relative to the working folder, from the root of the repository; as it is if it leads elsewhere.
  func callAsFunction(_ path: String) -> String {
    // Standard input has a name, and is no file.
    guard let root, FileManager.default.fileExists(atPath: path) else { return path }
    let whole = RealPath.of(path)
    return whole.hasPrefix(root + "/") ? String(whole.dropFirst(root.count + 1)) : path
  }
}
