import UserFiles

extension Diagnostic {
  /// What is wrong with a file that a user names.
  ///
  /// - Parameters:
  ///   - location: where it is named, if that is in a file.
  ///   - help: what to do about it, where that is something else than what helps with any file.
  public init(_ error: UserFileError, at location: SourceLocation? = nil, help: String? = nil) {
    self.init(Self.code(of: error), error.message, at: location, help: help ?? error.help)
  }

  /// What is wrong with a file that a user asks for.
  public init(_ error: OutputFileError) {
    self.init(.unwritableFile, error.message, help: error.help)
  }

  private static func code(of error: UserFileError) -> DiagnosticCode {
    switch error.problem {
    case .system, .danglingLink: .unreadableFile
    case .notRegular: .notRegularFile
    case .tooLarge: .fileTooLarge
    case .outside, .gitFolder: .fileOutside
    }
  }
}
