import ProviderKit
import Subprocess
import Wire

/// Runs `tmux` for one server.
struct TmuxClient: Sendable {
  /// The server, by the name of its socket or, with a `/`, its path.
  let socket: String

  /// How long a command may take: a server answers at once.
  private static let patience = Duration.seconds(60)

  /// What a command wrote, or that there is no server.
  enum Answer: Sendable {
    case output(String)
    case noServer
  }

  /// Runs a command.
  ///
  /// - Throws: `ProviderError` if there is no tmux, or it refuses.
  func run(_ arguments: [String]) async throws -> Answer {
    let server = socket.contains("/") ? ["-S", socket] : ["-L", socket]
    let failure = ProviderError("tmux did not answer within \(Self.patience.components.seconds) s")
    do {
      return try await within(Self.patience, orThrow: failure) {
        let result = try await Subprocess.run(
          // The user's own settings may say that windows close when their program ends.
          .name("tmux"), arguments: Arguments(server + ["-u", "-f", "/dev/null"] + arguments),
          output: .bytes(limit: 16 << 20), error: .bytes(limit: 64 << 10))
        if result.terminationStatus.isSuccess {
          return .output(String(decoding: result.standardOutput, as: UTF8.self))
        }
        let words = String(decoding: result.standardError, as: UTF8.self).trimmed
        if Self.signsOfNoServer.contains(where: { words.contains($0) }) { return .noServer }
        throw ProviderError("tmux \(arguments.first ?? "") failed: \(words)")
      }
    } catch let error as SubprocessError where error.code == .executableNotFound {
      throw ProviderError(
        "there is no tmux on this computer", help: "install it, for example with: apt-get install tmux")
    } catch let error as SubprocessError {
      try Task.checkCancellation()
      throw ProviderError("tmux can't be run: \(error)")
    }
  }

  /// What tmux says where no server runs: the socket is not there, or nothing listens on it any more.
  private static let signsOfNoServer = [
    "no server running on", "(No such file or directory)", "(Connection refused)",
  ]
}
