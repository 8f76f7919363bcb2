import Diagnostics
import ProviderKit

/// Runs something, and turns the errors of providers, stores and secrets into diagnostics with a code.
func explaining<Result>(_ body: () async throws -> Result) async throws -> Result {
  do {
    return try await body()
  } catch  where error is ProviderError || error is StoreError {
    throw Diagnostics(error).map { DiagnosticError($0) } ?? error
  }
}

/// One line that says what an error is.
func line(of error: any Error) -> String {
  switch error {
  case let error as ActionFailure: error.message
  case let error as ProviderError: error.message
  case let error as StoreError: error.message
  case let error as DiagnosticError:
    error.diagnostics.first { $0.severity == .error }?.message ?? "it was refused"
  case is CancellationError: "interrupted"
  default: "\(error)"
  }
}
