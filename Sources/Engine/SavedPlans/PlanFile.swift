import Crypto
import Diagnostics
import Planning
import ProviderKit
import Values

/// A file of saved plans, as `plan --out` writes it and `apply` takes it.
///
/// It is JSON, signed by a code (HMAC-SHA256) with a key that only the target holds: berth detects changes by a user
/// who has the file alone. It holds no value of a secret.
public struct PlanFile: Sendable {
  /// The version of the format. It grows with every change: half a plan must not be carried out.
  public static let formatVersion = 1
  private static let format = "berth plan"

  /// The name of the target that it was made for. Which engine that must lead to is said by the plans.
  public let target: String
  private let name: String
  private let content: Value
  private let code: String

  /// Reads a file. Nothing that is in it is to be trusted before ``plans(on:)`` has checked it.
  ///
  /// - Parameter name: what the file is called in diagnostics.
  /// - Throws: `DiagnosticError` if it is no such file, or one of another version of the format.
  public init(text: String, name: String) throws {
    guard let value = try? Value(json: text), value["format"]?.string == Self.format else {
      throw Self.error(
        .unknownPlanFormat, "\(name) is not a saved plan",
        help: "`berth plan -f workload.yaml --out plan.json` writes one; spec files are given with `-f`")
    }
    guard value["version"]?.int == Int64(Self.formatVersion) else {
      throw Self.error(
        .unknownPlanFormat, "\(name) was saved by another version of berth",
        help: "save the plan again with this one")
    }
    guard let target = value["target"]?.string, let code = value["code"]?.string else {
      throw Self.altered(name)
    }
    self.target = target
    self.name = name
    self.code = code
    content = .map((value.members ?? []).filter { $0.key != "code" })
  }

  /// The plans, once it is sure that they are as they were saved, for this engine.
  ///
  /// - Throws: `DiagnosticError` if they are for another engine, or if the file was altered.
  public func plans(on reader: any ProviderReader) async throws -> [SavedPlan] {
    try await explaining {
      let plans = try (content["plans"]?.list ?? []).map { try SavedPlan($0) }
      let engine = try await reader.info().identity
      if let other = plans.first(where: { $0.engine != engine }) {
        throw Self.error(
          .planOfOtherEngine,
          "\(name) is for the engine \(other.engine.provider) \(other.engine.id), and the target is \(engine.provider) \(engine.id)",
          help: "choose the target that it was made for with `-t`")
      }
      guard let keys = try await Self.keys(of: plans, on: reader),
        Self.areEqual(Self.code(of: content, keys: keys), code)
      else { throw Self.altered(name) }
      return plans
    }
  }

  /// The text of a file.
  ///
  /// - Throws: `DiagnosticError` if the target has no key to sign it with, because nothing was ever applied to it.
  public static func text(
    of plans: [SavedPlan], target: String, on reader: any ProviderReader
  ) async throws -> String {
    try await explaining {
      guard let keys = try await keys(of: plans, on: reader) else {
        throw error(
          .noPlanKey, "the target `\(target)` has no key yet to sign a plan with",
          help: "its first apply makes one: apply once with `-f`, and save plans from then on")
      }
      let members: [Value.Member] = [
        .init("format", .string(format)), .init("version", Value(formatVersion)),
        .init("target", .string(target)), .init("plans", .list(plans.map(\.plain))),
      ]
      let code = code(of: .map(members), keys: keys)
      return CanonicalJSON.pretty(.map(members + [.init("code", .string(code))]))
    }
  }

  /// The keys of all namespaces that plans are for: a holder of one must not sign for another; `nil` if one is missing.
  private static func keys(of plans: [SavedPlan], on reader: any ProviderReader) async throws -> [[UInt8]]? {
    var keys: [[UInt8]] = []
    for namespace in Set(plans.map(\.key.namespace)).sorted() {
      guard let key = try await reader.history.planKey(in: namespace) else { return nil }
      keys.append(key)
    }
    return keys.isEmpty ? nil : keys
  }

  /// The code of a content: `v1:` and 64 hexadecimal digits. Each key but the first signs what the one before it made.
  private static func code(of content: Value, keys: [[UInt8]]) -> String {
    var bytes: [UInt8] = []
    CanonicalJSON.write(content, into: &bytes)
    for key in keys {
      bytes = Array(HMAC<SHA256>.authenticationCode(for: bytes, using: SymmetricKey(data: key)))
    }
    return "v1:" + Hex.lower(bytes)
  }

  /// Compares in a time that does not depend on where two texts differ.
  private static func areEqual(_ left: String, _ right: String) -> Bool {
    left.utf8.count == right.utf8.count && zip(left.utf8, right.utf8).reduce(0) { $0 | ($1.0 ^ $1.1) } == 0
  }

  private static func altered(_ name: String) -> DiagnosticError {
    error(.planAltered, "\(name) is not as it was saved", help: "nothing of it is carried out: plan again")
  }

  private static func error(_ code: DiagnosticCode, _ message: String, help: String) -> DiagnosticError {
    DiagnosticError(Diagnostic(code, message, help: help))
  }
}
