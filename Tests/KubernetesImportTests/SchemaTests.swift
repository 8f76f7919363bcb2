import Foundation
import Testing

@testable import KubernetesImport

/// Every key of Kubernetes' published schema has a row that takes what it holds; `scripts/kubernetes-schema-keys` writes
/// down which there are.
@Suite struct SchemaTests {
  private static let path = "Tests/KubernetesImportTests/Schema/keys.txt"

  /// What each key of an object holds.
  private static let keys: [String: [String: String]] = {
    let lines = (try? String(contentsOfFile: path, encoding: .utf8))?.split(separator: "\n") ?? []
    return lines.reduce(into: [:]) { places, line in
      let words = line.split(separator: " ").map(String.init)
      places[words[0], default: [:]][words[1]] = words[2]
    }
  }()

  @Test("Every key has a row that takes what it holds", arguments: KeyPlace.allCases)
  func everyKeyHasARowThatTakesWhatItHolds(_ place: KeyPlace) throws {
    let keys = try #require(Self.keys[place.rawValue], "the schema has no object `\(place.rawValue)`")
    let rows = try #require(KeyTable.rows[place])
    #expect(Set(keys.keys).subtracting(rows.keys).sorted() == [])
    for (key, held) in keys {
      switch rows[key] {
      case .read?: #expect(held == "-", "\(place.rawValue).\(key)")
      case .texts?: #expect(held == "[-]", "\(place.rawValue).\(key)")
      case .map?: #expect(held == "{-}", "\(place.rawValue).\(key)")
      case .inside(let inner)?: #expect(held == inner.rawValue, "\(place.rawValue).\(key)")
      case .each(let inner)?: #expect(held == "[\(inner.rawValue)]", "\(place.rawValue).\(key)")
      case .opaque?, .meaningless?, .lost?, .differs?, .kept?, nil: break
      }
    }
  }

  /// Rows that the schema does not have any more are those of servers that are still about.
  @Test("Few rows are of older servers") func fewRowsAreOfOlderServers() {
    let older = KeyPlace.allCases.flatMap { place in
      (KeyTable.rows[place] ?? [:]).keys.filter { Self.keys[place.rawValue]?[$0] == nil }
        .map { "\(place.rawValue).\($0)" }
    }
    #expect(
      older.sorted() == [
        "DaemonSetSpec.templateGeneration", "DeploymentSpec.rollbackTo", "EphemeralVolumeSource.readOnly",
        "ObjectMeta.clusterName", "ServiceSpec.ipFamily", "ServiceSpec.topologyKeys",
      ])
  }

  @Test("The schema is a whole one") func theSchemaIsAWholeOne() {
    #expect(Self.keys["PodSpec"].map { $0.count > 38 } == true)
    #expect(Self.keys["Container"].map { $0.count > 22 } == true)
  }
}
