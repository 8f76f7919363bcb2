import KubernetesAPI
import ProviderKit

extension KubernetesError {
  /// Runs something that asks a cluster, and says what went wrong in the words of providers.
  static func asProviderError<Result>(_ body: () async throws -> Result) async throws -> Result {
    do {
      return try await body()
    } catch let error as KubernetesError {
      throw ProviderError(error.message, help: error.helpOfRights ?? error.help)
    }
  }

  /// Runs an action, and says what went wrong in the words of actions.
  static func asActionError<Result>(_ body: () async throws -> Result) async throws -> Result {
    do {
      return try await body()
    } catch let error as KubernetesError {
      guard error.status != nil else { throw ProviderError(error.message, help: error.help) }
      throw ActionFailure(
        error.message + ((error.helpOfRights ?? error.help).map { "; \($0)" } ?? ""))
    }
  }

  /// What to do where a right is missing; `nil` of every other error.
  private var helpOfRights: String? {
    isForbidden && message.contains(" cannot ") ? Refusal.helpOfRights : nil
  }
}

/// What a cluster has; `nil` if there is none.
@discardableResult
func ifFound<Result>(_ ask: () async throws -> Result) async throws -> Result? {
  do {
    return try await ask()
  } catch let error as KubernetesError where error.isNotFound {
    return nil
  }
}
