import Diagnostics
import NomadAPI
import ProviderKit

/// What a cluster is asked for where the history is, in the words of a refusal.
struct StoreQuestion: Sendable, Equatable {
  /// The capability that a policy gives for it.
  let capability: String
  /// What it is about: `the variable berth/heads/shop`.
  let object: String
  let namespace: String

  static func read(_ place: VariablePath) -> StoreQuestion { .init("read", place) }
  static func write(_ place: VariablePath) -> StoreQuestion { .init("write", place) }
  static func delete(_ place: VariablePath) -> StoreQuestion { .init("destroy", place) }
  static func list(_ scope: VariableScope) -> StoreQuestion {
    StoreQuestion(
      capability: "list", object: "the variables below \(scope.prefix)", namespace: scope.namespace)
  }

  private init(_ capability: String, _ place: VariablePath) {
    self.init(
      capability: capability, object: "the variable \(place.path)", namespace: place.namespace)
  }

  private init(capability: String, object: String, namespace: String) {
    (self.capability, self.object, self.namespace) = (capability, object, namespace)
  }

  /// The namespace in words.
  var place: String { namespace == "*" ? "in all namespaces" : "in the namespace `\(namespace)`" }
}

extension StoreError {
  /// A cluster's refusal in the words of stores: what it was asked for, why it refuses, and what to do.
  init(_ error: NomadError, asked question: StoreQuestion) {
    if error.isUnsupported {
      self.init(
        "the servers of Nomad have no variables, in which berth keeps its history; those from 1.4 on have",
        help: "add `store: local` to the target in berth.yaml, or `store:` with the name of another target",
        code: .noHistory)
    } else if error.isForbidden, error.message.contains("token") {
      self.init(error.message, help: error.help, code: .credentialsRefused)
    } else if error.isForbidden {
      self.init(
        "the cluster does not let this token \(question.capability) \(question.object) \(question.place): \(error.message)",
        help: error.help.flatMap { $0.contains("none is sent") ? $0 : nil } ?? Self.helpOfRights,
        code: .rightMissing)
    } else if error.message.contains("nonexistent namespace") {
      self.init(
        "the cluster has no namespace `\(question.namespace)`",
        help: "create it: `nomad namespace apply \(question.namespace)`", code: .namespaceUnusable)
    } else {
      self.init(error.message, help: error.help)
    }
  }

  /// What to do where a right is missing.
  private static let helpOfRights = "give its policy the right: docs/nomad.md has the smallest policies"
}
