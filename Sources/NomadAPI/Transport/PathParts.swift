import NIOHTTP1
import Wire

extension Request {
  /// A request whose path ends with a name that its parts may not lead away from.
  ///
  /// - Parameters:
  ///   - name: what is meant, such as a job's ID, which may have slashes.
  ///   - what: what it is, for messages.
  /// - Throws: ``NomadError`` if the name would lead elsewhere.
  static func of(
    _ method: HTTPMethod, _ parts: [String], _ name: String, _ what: String, then rest: [String] = []
  ) throws -> Request {
    let isPlain = name.utf8.allSatisfy { $0 > 0x20 && $0 != 0x7F }
    // Agents take paths apart after they have decoded them, so that an escape would not keep a name together.
    let segments = name.split(separator: "/", omittingEmptySubsequences: false)
    guard isPlain, segments.allSatisfy({ !$0.isEmpty && $0 != "." && $0 != ".." }) else {
      throw NomadError(
        "\(what) \"\(name)\" can't be used",
        help: "a name has no blanks, and between its slashes stands neither nothing nor \".\" nor \"..\"",
        reason: .invalid)
    }
    return Request(method, parts + [name] + rest)
  }
}
