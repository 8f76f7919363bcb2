import Diagnostics
import Foundation
import KubernetesAPI
import Planning
import ProviderKit
import Secrets
import TestSupport
import Testing
import Values
import WorkloadSpec

@testable import KubernetesProvider

/// A spec with the objects that it becomes.
struct MappingCase: Sendable, CustomTestStringConvertible {
  /// The file that has the spec, without its ending.
  let name: String
  /// The server.
  let version: ServerVersion

  static let folder = "Tests/KubernetesProviderTests/Mapping/Cases"

  /// The server that the tests run against.
  static let older = ServerVersion(major: 1, minor: 20)
  /// One that has all that berth makes use of.
  static let newer = ServerVersion(major: 1, minor: 34)

  static let names = [
    "web", "ordered", "stateful", "volumes", "secrets", "security", "own", "host", "pinned", "newer",
  ]
  static let all = names.flatMap { name in
    // What only newer servers have can't be asked of an older one.
    (name == "newer" ? [newer] : [older, newer]).map { MappingCase(name: name, version: $0) }
  }
  static let ofOlder = all.filter { $0.version == older }

  var testDescription: String { "\(name) on \(version)" }

  var facts: EngineFacts { EngineFacts(kubernetes: version) }

  static func load(_ text: String, _ name: String = "case.yaml") throws -> Workload {
    let result = WorkloadLoader.load(
      layers: [[SourceFile(name: name, text: text)]], options: LoadOptions(engines: [KubernetesFields.all]))
    let errors = result.diagnostics.filter { $0.code.severity == .error }
    try #require(errors.isEmpty, "\(errors)")
    return try #require(result.workloads.first).workload
  }

  func workload() throws -> Workload {
    let path = "\(Self.folder)/\(name).yaml"
    return try Self.load(String(contentsOfFile: path, encoding: .utf8), path)
  }

  func writing(
    _ workload: Workload? = nil, namespace: String = "team", run: String = "run-1"
  ) throws
    -> Writing
  {
    let workload = try workload ?? self.workload()
    return .test(workload, facts, namespace: namespace, run: run)
  }
}

extension Writing {
  static let values = [
    "db": "hunter2", "token": "t0k3n", "login": "ada:s3cret",
    "pair": """
    -----BEGIN CERTIFICATE-----
    MAA=
    -----END CERTIFICATE-----
    -----BEGIN PRIVATE KEY-----
    MAA=
    -----END PRIVATE KEY-----

    """,
  ]
  static let keyOfDigests = Array("a key of digests".utf8)

  /// How a workload is written in tests.
  static func test(
    _ workload: Workload, _ facts: EngineFacts, namespace: String = "team", run: String = "run-1",
    isOneAtATime: Bool = false, isHeld: Bool = false, generation: Int = 1
  ) -> Writing {
    Writing(
      key: WorkloadKey(namespace: namespace, name: workload.name), workload: workload.ofInstances,
      run: RunID(run), generation: generation, facts: facts,
      secrets: values.mapValues { SecretValue(bytes: Array($0.utf8)) },
      secretDigests: Dictionary(
        uniqueKeysWithValues: values.map {
          ($0.key, SecretDigest.text(of: Array($0.value.utf8), named: $0.key, digestKey: keyOfDigests))
        }), digestKey: keyOfDigests, replicas: workload.replicas, isOneAtATime: isOneAtATime, isHeld: isHeld)
  }
}

extension WorkloadObjects {
  /// All of them, in the order in which they are applied.
  var all: [KubernetesObject] { config + claims + services + [controller] + budgets }

  /// Those that a provider lists, which are all but Secrets.
  var listed: [KubernetesObject] { all.filter { $0.kind != "Secret" && $0 != controller } }
}

extension JSON {
  /// With the members of objects in order.
  var ordered: JSON {
    switch self {
    case .object(let members):
      .object(members.sorted { $0.key < $1.key }.map { Member($0.key, $0.value.ordered) })
    case .array(let elements): .array(elements.map(\.ordered))
    default: self
    }
  }
}
