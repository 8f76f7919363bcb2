import Diagnostics
import ProviderKit

extension Diagnostics {
  /// What went wrong, as diagnostics with a code; `nil` for an error that comes neither from a provider, a store or an
  /// action, nor from what was read.
  public init?(_ error: any Error) {
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
