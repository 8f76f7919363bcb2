import Foundation
import GRDB
import ProviderKit

/// The tables of the store, and how they came to be.
///
/// A migration is never edited after it was released; the next one is added behind it.
enum StoreSchema {
  /// What tells this database from those of other programs: `bert` in ASCII.
  private static let applicationID = 0x6265_7274

  /// The migration that makes everything that a history needs.
  private static let first = "1"

  /// The migration up to which every database is brought.
  private static let usual = "2 operator states"
  /// The migration that is made when large content is written first: a database without any stays one that berth 0.1 reads.
  private static let contents = "3 contents"
  /// The migration that is made when a run overrides policies first, for the same reason; also before the one above.
  private static let overrides = "4 overrides"

  static let migrator: DatabaseMigrator = {
    var migrator = usualMigrator
    migrator.registerMigration(contents, migrate: createContents)
    migrator.registerMigration(overrides, migrate: createOverrides)
    return migrator
  }()

  /// The migrations that every database has. It knows of no others, for another process may make those while this one is
  /// about to begin, and to be asked for less than is there ends a program that knows of more.
  private static let usualMigrator: DatabaseMigrator = {
    var migrator = DatabaseMigrator()
    migrator.registerMigration(first, migrate: createTables)
    migrator.registerMigration(usual, migrate: createOperatorStates)
    return migrator
  }()

  /// Makes the tables that every database has and this one lacks.
  static func makeTables(in queue: DatabaseQueue) throws {
    if try queue.read({ try migrator.appliedIdentifiers($0).contains(usual) }) { return }
    try usualMigrator.migrate(queue)
  }

  /// Makes the tables of large content, if they are missing, in the transaction that needs them.
  static func makeContents(in database: Database) throws {
    if try database.tableExists(ContentRow.table) { return }
    try createContents(in: database)
    try note(contents, in: database)
  }

  /// Makes the table of overridden policies, if it is missing, in the transaction that needs it.
  static func makeOverrides(in database: Database) throws {
    if try database.tableExists(OverrideRow.table) { return }
    try createOverrides(in: database)
    try note(overrides, in: database)
  }

  private static func note(_ migration: String, in database: Database) throws {
    try database.execute(sql: "INSERT INTO grdb_migrations (identifier) VALUES (?)", arguments: [migration])
  }

  /// Whether the tables are there that a history needs; what was added later may be missing, since reading
  /// migrates nothing. Nothing at all is there while another process makes the database.
  ///
  /// - Throws: ``ProviderKit/StoreError`` if the database is another program's, or a newer berth's.
  static func isReadable(in database: Database, at path: String) throws -> Bool {
    let tables = try Int.fetchOne(
      database, sql: "SELECT count(*) FROM sqlite_master WHERE tbl_name <> 'grdb_migrations'")
    guard tables != 0 else { return false }
    guard try Int.fetchOne(database, sql: "PRAGMA application_id") == applicationID else {
      throw StoreError(
        "\(path) is a database of another program",
        help: "nothing was changed; choose another folder by BERTH_HOME")
    }
    guard try !migrator.hasBeenSuperseded(database) else {
      throw RecordFormat.newer(path, writer: try writer(in: database))
    }
    return try migrator.appliedIdentifiers(database).contains(first)
  }

  /// The berth that wrote the database last, where it has said so: among the keys, for what is there is all that 0.1
  /// reads a database with.
  private static func writer(in database: Database) throws -> String? {
    guard try database.tableExists("keys") else { return nil }
    return try Data.fetchOne(database, sql: "SELECT bytes FROM keys WHERE name = 'writer'").map {
      String(decoding: $0, as: UTF8.self)
    }
  }

  /// Says which berth writes the database.
  static func noteWriter(in database: Database) throws {
    guard try writer(in: database) != BerthVersion.text else { return }
    try database.execute(
      sql: "INSERT OR REPLACE INTO keys (name, bytes) VALUES ('writer', ?)",
      arguments: [Data(BerthVersion.text.utf8)])
  }

  private static func createOperatorStates(in database: Database) throws {
    try database.execute(
      sql: """
        CREATE TABLE operatorStates (
          namespace TEXT NOT NULL,
          workload TEXT NOT NULL,
          state TEXT NOT NULL,
          PRIMARY KEY (namespace, workload)
        ) STRICT;
        """)
  }

  private static func createContents(in database: Database) throws {
    try database.execute(
      sql: """
        CREATE TABLE contents (
          digest TEXT PRIMARY KEY NOT NULL,
          content BLOB NOT NULL
        ) STRICT;
        CREATE TABLE contentReferences (
          namespace TEXT NOT NULL,
          workload TEXT NOT NULL,
          number INTEGER NOT NULL,
          digest TEXT NOT NULL REFERENCES contents (digest),
          PRIMARY KEY (namespace, workload, number, digest)
        ) STRICT;
        CREATE INDEX contentReferencesByDigest ON contentReferences (digest);
        """)
  }

  private static func createOverrides(in database: Database) throws {
    try database.execute(
      sql: """
        CREATE TABLE overrides (
          run TEXT PRIMARY KEY NOT NULL REFERENCES runs (id),
          override TEXT NOT NULL
        ) STRICT;
        """)
  }

  private static func createTables(in database: Database) throws {
    try database.execute(
      sql: """
        PRAGMA application_id = \(applicationID);

        CREATE TABLE runs (
          sequence INTEGER PRIMARY KEY AUTOINCREMENT,
          id TEXT NOT NULL UNIQUE,
          namespace TEXT NOT NULL,
          workload TEXT NOT NULL,
          intent TEXT NOT NULL,
          startedAt INTEGER NOT NULL,
          endedAt INTEGER,
          outcome TEXT NOT NULL,
          startedBy TEXT NOT NULL,
          summary TEXT NOT NULL,
          failure TEXT,
          releaseNumber INTEGER,
          savedPlan TEXT
        ) STRICT;
        CREATE INDEX runsByWorkload ON runs (namespace, workload, sequence);

        CREATE TABLE releases (
          namespace TEXT NOT NULL,
          workload TEXT NOT NULL,
          number INTEGER NOT NULL,
          snapshot TEXT,
          snapshotVersion INTEGER NOT NULL,
          snapshotChecksum TEXT,
          recordedAt INTEGER NOT NULL,
          recordedBy TEXT NOT NULL,
          run TEXT NOT NULL REFERENCES runs (id),
          provenance TEXT NOT NULL,
          restoredFrom INTEGER,
          setName TEXT,
          PRIMARY KEY (namespace, workload, number)
        ) STRICT;
        CREATE TRIGGER releasesAreImmutable BEFORE UPDATE ON releases
        BEGIN
          SELECT RAISE(ABORT, 'a release is immutable');
        END;

        CREATE TABLE journal (
          sequence INTEGER PRIMARY KEY AUTOINCREMENT,
          run TEXT NOT NULL REFERENCES runs (id),
          action TEXT NOT NULL,
          event TEXT NOT NULL,
          at INTEGER NOT NULL,
          message TEXT
        ) STRICT;
        CREATE INDEX journalByRun ON journal (run, sequence);

        CREATE TABLE locks (
          namespace TEXT NOT NULL,
          workload TEXT NOT NULL,
          token TEXT NOT NULL,
          holder TEXT NOT NULL,
          since INTEGER NOT NULL,
          beat INTEGER NOT NULL,
          processID INTEGER,
          processStart INTEGER,
          processNamespace TEXT,
          boot TEXT,
          machine TEXT,
          PRIMARY KEY (namespace, workload)
        ) STRICT;

        CREATE TABLE keys (
          name TEXT PRIMARY KEY NOT NULL,
          bytes BLOB NOT NULL
        ) STRICT;
        """)
  }
}
