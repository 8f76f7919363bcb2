import Foundation
import GRDB
import Planning
import ProviderKit

/// Large content of releases, such as that of a config file: once for all that have it, as a row of the table `contents`,
/// and a row of `contentReferences` for each release that has it.
enum ContentRow {
  static let table = "contents"

  /// Content by its digest.
  ///
  /// - Parameter name: whose it is, in words: `release 4 of default/shop`.
  static func fetch(_ reference: ContentDigest, of name: String, from database: Database) throws -> [UInt8] {
    let content =
      try database.tableExists(table)
      ? Data.fetchOne(
        database, sql: "SELECT content FROM contents WHERE digest = ?", arguments: [reference.digest]) : nil
    guard let bytes = content.map({ Array($0) }), ContentDigest(of: bytes) == reference else {
      throw StoreError(
        "\(name) is damaged: content of its is gone, or its checksum does not fit",
        help: "put a copy of the store's file back")
    }
    return bytes
  }

  /// Keeps content, unless it is kept already, and that a release has it.
  static func insert(
    _ content: [UInt8], as reference: ContentDigest, of release: Release, into database: Database
  ) throws {
    try StoreSchema.makeContents(in: database)
    try database.execute(
      sql: "INSERT OR IGNORE INTO contents (digest, content) VALUES (?, ?)",
      arguments: [reference.digest, Data(content)])
    try database.execute(
      sql: """
        INSERT OR IGNORE INTO contentReferences (namespace, workload, number, digest) VALUES (?, ?, ?, ?)
        """, arguments: [release.key.namespace, release.key.name, release.number, reference.digest])
  }

  /// Deletes what no release has any more, in the transaction that deletes releases.
  static func sweep(_ database: Database) throws {
    guard try database.tableExists(table) else { return }
    try database.execute(
      sql: """
        DELETE FROM contentReferences WHERE (namespace, workload, number) NOT IN (
          SELECT namespace, workload, number FROM releases);
        DELETE FROM contents WHERE digest NOT IN (SELECT digest FROM contentReferences);
        """)
  }
}
