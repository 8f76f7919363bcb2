import Subprocess
import Values
import Wire

/// A program that a profile gets its credentials from.
struct CredentialProgram: Sendable {
  private let command: String
  private let profile: String
  private let context: CredentialContext

  private static let patience = Duration.seconds(60)
  private static let longestAnswer = 1 << 20
  /// How much is kept of what it says besides, in bytes.
  private static let longestNote = 16 * 1024

  init(_ command: String, profile: String, _ context: CredentialContext) {
    self.command = command
    self.profile = profile
    self.context = context
  }

  /// Runs it.
  func credentials() async throws -> AWSCredentials {
    if case .refused(let reason) = context.programs {
      throw AWSError(
        "the profile \"\(profile)\" gets credentials from a program, which is not run: \(reason)",
        help: "use a configuration that is given, or a profile with keys, a role or single sign-on")
    }
    let words = try Self.words(of: command)
    guard let program = words.first else { throw failure("is not named", "correct credential_process") }
    let variables = Environment.custom(
      context.settings.environment.map { Array("\($0.key)=\($0.value)\0".utf8) })
    let output: [UInt8]
    do {
      output = try await within(
        Self.patience, orThrow: failure("did not answer within a minute", "see what it does by hand")
      ) {
        let result = try await Subprocess.run(
          program.contains("/") ? .path(.init(program)) : .name(program),
          arguments: Arguments(Array(words.dropFirst())),
          environment: variables, input: .none, output: .bytes(limit: Self.longestAnswer), error: .discarded)
        guard result.terminationStatus.isSuccess else {
          throw failure("failed (\(result.terminationStatus))", "see whether it works by hand")
        }
        return result.standardOutput
      }
    } catch let error as SubprocessError {
      throw failure("can't be run: \(error)", "install it, or put its folder in PATH")
    }
    guard let json = try? JSON(parsing: output), json["Version"]?.int == 1 else {
      throw failure("prints no credentials of version 1", "see what it prints by hand")
    }
    return try .read(json, tokenKey: "SessionToken", source: "the program of the profile \"\(profile)\"")
  }

  private func failure(_ reason: String, _ help: String) -> AWSError {
    AWSError("the program that gives the credentials of the profile \"\(profile)\" \(reason)", help: help)
  }

  /// The words of a command, of which some may stand in quotes.
  static func words(of command: String) throws(AWSError) -> [String] {
    var (words, word, quote): ([String], String?, Character?) = ([], nil, nil)
    var rest = command[...]
    while let character = rest.popFirst() {
      switch character {
      case let end where end == quote: quote = nil
      case "\"" where quote == nil, "'" where quote == nil:
        quote = character
        word = word ?? ""
      case "\\" where quote == nil: word = (word ?? "") + String(rest.popFirst() ?? "\\")
      case " " where quote == nil, "\t" where quote == nil:
        if let ended = word { words.append(ended) }
        word = nil
      default: word = (word ?? "") + String(character)
      }
    }
    guard quote == nil else {
      throw AWSError("a quote of credential_process does not end", help: "correct the profile")
    }
    return words + (word.map { [$0] } ?? [])
  }
}
