import Foundation
import TestSupport
import Testing

@testable import KubernetesImport

/// The documentation says what becomes of every key. With `BERTH_UPDATE_SPECS` set, it is written anew.
@Suite struct DocumentTests {
  private static let path = "docs/kubernetes-keys.md"

  @Test("The table of keys is current") func theTableOfKeysIsCurrent() throws {
    let text = Self.document
    #expect(try text == GeneratedText.kept(at: Self.path, made: text))
  }

  private static let document = """
    # Keys of Kubernetes' objects

    <!-- Made from the importer's table of keys; a test keeps it current. -->

    What `berth import kubernetes` makes of each key of the objects that it reads; [kubernetes-import.md](kubernetes-import.md) says how.
    *Told* is what is reported where it stands (W0801, or W0802 where the spec says it in another way), unless it says what
    holds anyway. *Nothing* is what the server writes, and what is about Kubernetes' own records.

    | object | key | what becomes of it |
    | --- | --- | --- |

    """ + KeyPlace.allCases.map(\.rows).joined()
}

extension KeyPlace {
  /// A line for each of its keys.
  fileprivate var rows: String {
    (KeyTable.rows[self] ?? [:]).sorted { $0.key < $1.key }.map { key, use in
      "| \(rawValue) | `\(key)` | \(use.words) |\n"
    }.joined()
  }
}

extension KeyUse {
  fileprivate var words: String {
    switch self {
    case .read, .texts, .map: "read"
    case .inside(let place), .each(let place): "read: see \(place.rawValue)"
    case .opaque: "read, or told as a whole"
    case .meaningless: "nothing"
    case .lost(let help, let harmless): "told\(Self.exception(harmless)): \(help)"
    case .kept(let otherwise): "read with `--for kubernetes`; else \(otherwise.words)"
    case .differs(let help, let harmless): "told as another way\(Self.exception(harmless)): \(help)"
    }
  }

  private static func exception(_ harmless: Set<String>) -> String {
    let values = harmless.filter { !$0.isEmpty }.sorted().map { "`\($0)`" }
    return values.isEmpty ? "" : ", unless it is \(values.joined(separator: " or "))"
  }
}
