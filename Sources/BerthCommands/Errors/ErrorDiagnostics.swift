import ProviderKit
import WorkloadSpec

extension Diagnostics {
  /// What went wrong, as diagnostics; `nil` for errors of the command line itself, which have words of their own.
  init?(_ error: any Error) {
    switch error {
    case let error as DiagnosticError: self = error.diagnostics
    case let error as ProviderError:
      self.init([Diagnostic(.engineUnreachable, error.message, help: error.help)])
    case let error as StoreError: self.init([Diagnostic(error.code, error.message, help: error.help)])
    case let error as ActionFailure: self.init([Diagnostic(.actionFailed, error.message)])
    default: return nil
    }
  }
}
