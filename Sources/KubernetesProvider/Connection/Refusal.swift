import Diagnostics
import KubernetesAPI
import ProviderKit

/// What a cluster's refusal means to a person: what the cluster was asked for, why it refuses, and what to do.
struct Refusal: Equatable {
  let message: String
  let help: String?
  let code: DiagnosticCode

  /// What to do where a right is missing.
  static let helpOfRights = "grant the right: docs/kubernetes.md has the smallest Roles"

  /// - Parameters:
  ///   - question: what the cluster was asked for.
  ///   - unknown: the code where it is none of the refusals that have one of their own.
  init(of question: AccessQuestion, _ error: KubernetesError, unknown: DiagnosticCode = .storeUnusable) {
    let namespace = question.namespace ?? ""
    let place = question.namespace.map { "in the namespace `\($0)`" } ?? "in all namespaces"
    if error.isUnauthorized {
      (message, help, code) = (error.message, error.help, .credentialsRefused)
    } else if error.causes.contains(where: { $0.reason == "NamespaceTerminating" }) {
      message = "the namespace `\(namespace)` is being deleted: the cluster takes nothing new into it"
      (help, code) = ("wait until it is gone, and apply again", .namespaceUnusable)
    } else if error.isForbidden, error.message.contains(" cannot \(question.verb) ") {
      let object = question.name.map { " `\($0)`" } ?? ""
      message =
        "the cluster does not let this user \(question.verb) \(question.type)\(object) "
        + (question.type.isNamespaced ? "\(place): " : ": ") + error.message
      help = Self.helpOfRights
      code = .rightMissing
    } else if error.isForbidden {
      (message, help, code) = ("the cluster refuses: \(error.message)", error.help, unknown)
    } else if error.isNotFound, question.verb == "create", question.type.isNamespaced {
      message = "the cluster has no namespace `\(namespace)`"
      help =
        "create it (`kubectl create namespace \(namespace)`), or say `createNamespace: true` at the target"
      code = .namespaceUnusable
    } else {
      (message, help, code) = (error.message, error.help, unknown)
    }
  }
}

extension StoreError {
  /// A cluster's refusal in the words of stores.
  init(_ refusal: Refusal) { self.init(refusal.message, help: refusal.help, code: refusal.code) }
}
