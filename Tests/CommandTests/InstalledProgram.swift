import Foundation

/// Programs of the machine that tests use where they are there.
enum InstalledProgram {
  /// The path of a program; `nil` if it is not installed.
  static func path(_ name: String) -> String? {
    ["/usr/bin/", "/bin/", "/usr/local/bin/", "/opt/homebrew/bin/"].map { $0 + name }.first {
      FileManager.default.isExecutableFile(atPath: $0)
    }
  }
}
