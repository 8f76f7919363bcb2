import Foundation

/// The environment that the program was started in.
enum Environment {
  static var all: [String: String] { ProcessInfo.processInfo.environment }

  /// A variable that is set and not empty.
  static subscript(name: String) -> String? {
    guard let value = getenv(name).map({ String(cString: $0) }), !value.isEmpty else { return nil }
    return value
  }

  /// Where local state is kept: `BERTH_HOME`, or `berth` in the XDG state folder.
  static var home: String {
    if let home = Environment["BERTH_HOME"] { return absolute(home) }
    if let state = Environment["XDG_STATE_HOME"] { return absolute(state) + "/berth" }
    return (Environment["HOME"] ?? NSHomeDirectory()) + "/.local/state/berth"
  }

  private static func absolute(_ path: String) -> String {
    path.hasPrefix("/") ? path : FileManager.default.currentDirectoryPath + "/" + path
  }
}
