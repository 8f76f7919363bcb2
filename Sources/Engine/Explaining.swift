import ProviderKit
import WorkloadSpec

/// Runs something, and turns the errors of providers, stores and secrets into diagnostics with a code.
func explaining<Result>(_ body: () async throws -> Result) async throws -> Result {
  do {
    return try await body()
  } catch let error as ProviderError {
    throw DiagnosticError(Diagnostic(.engineUnreachable, error.message, help: error.help))
  } catch let error as StoreError {
    throw DiagnosticError(Diagnostic(error.code, error.message, help: error.help))
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
