import Planning
import ProviderKit
import WorkloadSpec

/// Where services' specs come from, as JSON:
/// `{"api": {"commit": "…", "dirty": false, "author": "…", "repository": "…"}}`, ordered by service.
enum ProvenanceJSON {
  static func write(_ provenance: [String: Provenance]) -> String {
    CanonicalJSON.compact(
      .map(
        provenance.sorted { $0.key < $1.key }.map { service, origin in
          var members: [Value.Member] = [
            .init("commit", .string(origin.commit)), .init("dirty", .bool(origin.isDirty)),
            .init("author", .string(origin.author)),
          ]
          if let repository = origin.repository { members.append(.init("repository", .string(repository))) }
          return Value.Member(service, .map(members))
        }))
  }

  /// - Throws: ``ProviderKit/StoreError`` if the text is not what ``write(_:)`` writes.
  static func read(_ text: String, name: String) throws -> [String: Provenance] {
    guard let value = try? Value(json: text), let members = value.members else {
      throw StoreError("\(name) is damaged: where it comes from can't be read")
    }
    var provenance: [String: Provenance] = [:]
    for member in members {
      guard let commit = member.value["commit"]?.string, let isDirty = member.value["dirty"]?.bool,
        let author = member.value["author"]?.string
      else { throw StoreError("\(name) is damaged: where `\(member.key)` comes from can't be read") }
      provenance[member.key] = Provenance(
        commit: commit, isDirty: isDirty, author: author, repository: member.value["repository"]?.string)
    }
    return provenance
  }
}
