import Diagnostics

/// Something of a spec that an engine can't be asked for.
package struct EngineRefusal: Sendable, Equatable {
  /// Under which code a plan says it.
  package let code: DiagnosticCode
  /// What it is.
  package let message: String
  /// What to do about it.
  package let help: String

  /// Something that can't be asked for.
  package init(code: DiagnosticCode, message: String, help: String) {
    (self.code, self.message, self.help) = (code, message, help)
  }
}
