import Diagnostics
import Foundation
import Planning
import ProviderKit
import Secrets
import TestSupport
import Testing
import Values
import WorkloadSpec

@testable import NomadProvider

/// A spec with the job that it becomes.
struct MappingCase: Sendable, CustomTestStringConvertible {
  /// The file that has the spec, without its ending.
  let name: String
  /// The servers.
  let version: String
  var target = NomadTarget()

  static let folder = "Tests/NomadProviderTests/Mapping/Cases"

  /// Servers that have neither variables nor services of their own.
  static let older = "1.1.2"
  /// Servers that have all that berth makes use of.
  static let newer = "1.10.5"

  static let names = [
    "web", "ordered", "stateful", "volumes", "secrets", "security", "own", "host", "pinned", "texts",
  ]
  static let all =
    names.flatMap { name in
      // The driver of older clients, and the checks of older servers, lack what some cases are about.
      (["security", "texts", "own"].contains(name) ? [newer] : [older, newer]).map {
        MappingCase(name: name, version: $0)
      }
    } + [
      MappingCase(name: "process", version: newer, driver: .rawExec),
      MappingCase(name: "process", version: older, driver: .rawExec),
      MappingCase(name: "consul", version: newer, services: .consul),
    ]

  init(name: String, version: String, driver: NomadDriver = .docker, services: NomadRegistry? = nil) {
    (self.name, self.version) = (name, version)
    (target.driver, target.services) = (driver, services)
  }

  var testDescription: String { "\(name) on \(version)" }

  var facts: EngineFacts { EngineFacts(nomad: version, target) }

  static func load(_ text: String, _ name: String = "case.yaml") throws -> Workload {
    let result = WorkloadLoader.load(
      layers: [[SourceFile(name: name, text: text)]], options: LoadOptions(engines: [NomadFields.all]))
    let errors = result.diagnostics.filter { $0.code.severity == .error }
    try #require(errors.isEmpty, "\(errors)")
    return try #require(result.workloads.first).workload
  }

  func workload() throws -> Workload {
    let path = "\(Self.folder)/\(name).yaml"
    return try Self.load(String(contentsOfFile: path, encoding: .utf8), path)
  }

  func writing(_ workload: Workload? = nil, run: String = "run-1") throws -> Writing {
    .test(try workload ?? self.workload(), facts, target, run: run)
  }

  static func key(of workload: Workload) -> WorkloadKey {
    WorkloadKey(namespace: "team", name: workload.name)
  }

  func reading(_ job: JSON, _ workload: Workload) throws -> JobReading {
    try #require(JobReading(job, key: Self.key(of: workload), target: target, facts: facts))
  }
}

extension Writing {
  static let values = [
    "db": "hunter2", "token": "t0k3n {{ \"x\" }}", "login": "ada:s3cret",
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

  static var digestsOfValues: [String: String] {
    Dictionary(
      uniqueKeysWithValues: values.map {
        ($0.key, SecretDigest.text(of: Array($0.value.utf8), named: $0.key, digestKey: keyOfDigests))
      })
  }

  /// How a workload is written in tests.
  static func test(
    _ workload: Workload, _ facts: EngineFacts, _ target: NomadTarget = NomadTarget(), run: String = "run-1",
    isOneAtATime: Bool = false
  ) -> Writing {
    let replicas = workload.replicas ?? 1
    return Writing(
      key: MappingCase.key(of: workload), workload: workload.ofInstances, run: RunID(run), target: target,
      facts: facts, secrets: values.mapValues { SecretValue(bytes: Array($0.utf8)) },
      secretDigests: digestsOfValues, digestKey: keyOfDigests, replicas: replicas,
      rollout: Rollout(
        workload.strategy, replicas: replicas, isStateful: workload.kind.hasStableInstances,
        isOneAtATime: isOneAtATime), isOneAtATime: isOneAtATime)
  }
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
