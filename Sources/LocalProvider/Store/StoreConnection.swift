import GRDB
import ProviderKit
import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The connections to the database: one that can only read, and from the first write on, one that can write.
final class StoreConnection: Sendable {
  let file: StoreFile

  private struct Queues {
    var reader: DatabaseQueue?
    var writer: DatabaseQueue?
  }
  private let queues = Mutex(Queues())

  /// How long to wait for other processes before giving up, in seconds.
  private static let patience = 10.0

  init(file: StoreFile) { self.file = file }

  /// The database for reading; `nil` if there is none yet.
  func forReading() throws -> DatabaseQueue? {
    try queues.withLock { queues in
      if let queue = queues.writer ?? queues.reader { return queue }
      queues.reader = try explained { try patiently { try openReader() } }
      return queues.reader
    }
  }

  /// The database for writing; it is made if there is none yet.
  func forWriting() throws -> DatabaseQueue {
    try queues.withLock { queues in
      if let writer = queues.writer { return writer }
      let writer = try explained { try patiently { try openWriter() } }
      queues = Queues(writer: writer)
      return writer
    }
  }

  /// Performs something in one transaction. It is not given up if the task is cancelled.
  func perform<Result: Sendable>(
    on queue: DatabaseQueue, inTransaction kind: Database.TransactionKind,
    _ body: @escaping @Sendable (Database) throws -> Result
  ) async throws -> Result {
    // The closure API is used because the async one of GRDB gives up when the task is cancelled.
    try await withCheckedThrowingContinuation { continuation in
      queue.asyncWriteWithoutTransaction { database in
        continuation.resume(
          with: Swift.Result {
            try self.explained {
              try database.transaction(kind) { try body(database) }
            }
          })
      }
    }
  }

  /// Moves what lies in SQLite's log into the file, as far as no reader needs it: a copy of the one file is
  /// then a copy of the whole history. What can't be moved now is moved later, and is no less safe.
  func mergeLog() async {
    guard let writer = queues.withLock({ $0.writer }) else { return }
    await withCheckedContinuation { continuation in
      writer.asyncWriteWithoutTransaction { database in
        _ = try? database.checkpoint(.passive)
        continuation.resume()
      }
    }
  }

  // MARK: Opening

  /// Tries again what is refused because others are at it, until that takes too long.
  ///
  /// SQLite waits by itself, but not everywhere: of two that make the file at once, both read it before they write, and
  /// one is refused without a wait, for each would wait for the other.
  private func patiently<Result>(_ body: () throws -> Result) throws -> Result {
    let end = ContinuousClock.now + .seconds(Self.patience)
    while true {
      do {
        return try body()
      } catch let error as DatabaseError where error.resultCode == .SQLITE_BUSY {
        guard ContinuousClock.now < end else { throw error }
        usleep(.random(in: 1_000...20_000))
      }
    }
  }

  /// A connection that can only read, to a database that is sound; `nil` if there is none yet.
  private func openReader() throws -> DatabaseQueue? {
    guard try file.exists() else { return nil }
    do {
      return try openSoundReader()
    } catch let error as DatabaseError where error.resultCode == .SQLITE_READONLY {
      // The process that wrote the database was killed halfway, and left what only a connection that may write can
      // undo. Nothing but SQLite's own undoing is done.
      var configuration = Configuration()
      configuration.label = "berth store (recovering)"
      configuration.busyMode = .timeout(Self.patience)
      try DatabaseQueue(path: file.path, configuration: configuration).close()
      return try openSoundReader()
    }
  }

  private func openSoundReader() throws -> DatabaseQueue? {
    var configuration = Configuration()
    configuration.label = "berth store (reading)"
    configuration.readonly = true
    configuration.busyMode = .timeout(Self.patience)
    let queue = try DatabaseQueue(path: file.path, configuration: configuration)
    return try queue.read { database in
      guard try StoreSchema.isReadable(in: database, at: file.path) else { return nil }
      // Damage may lie where the next query does not look, and be found out by the one that writes.
      let findings = try String.fetchAll(database, sql: "PRAGMA quick_check(1)")
      guard findings == ["ok"] else { throw damaged(findings.joined(separator: "; ")) }
      return queue
    }
  }

  private func openWriter() throws -> DatabaseQueue {
    // What is there is looked at through a connection that can't write, so that nothing is done to a database of
    // another program, or to one that is damaged.
    _ = try openReader()
    try file.create()
    var configuration = Configuration()
    configuration.label = "berth store"
    configuration.busyMode = .timeout(Self.patience)
    configuration.prepareDatabase { database in
      // First, and more than full: else the journal of a file that is just being made could come back when the
      // power fails, and undo everything.
      try database.execute(sql: "PRAGMA synchronous = EXTRA")
      try database.execute(sql: "PRAGMA journal_mode = WAL")
    }
    let queue = try DatabaseQueue(path: file.path, configuration: configuration)
    try makeTables(in: queue)
    try queue.write { try StoreSchema.noteWriter(in: $0) }
    return queue
  }

  /// Makes the tables that are missing. As long as another process is quicker to make them, what is left is
  /// tried again.
  private func makeTables(in queue: DatabaseQueue) throws {
    var made = -1
    while true {
      do {
        return try StoreSchema.makeTables(in: queue)
      } catch {
        let count = try queue.read { try StoreSchema.migrator.appliedIdentifiers($0).count }
        guard count > made else { throw error }
        made = count
      }
    }
  }

  // MARK: Errors

  /// Turns what SQLite says into what a person can use.
  private func explained<Result>(_ body: () throws -> Result) throws -> Result {
    do {
      return try body()
    } catch let error as DatabaseError {
      throw storeError(error)
    }
  }

  private func storeError(_ error: DatabaseError) -> StoreError {
    let path = file.path
    switch error.resultCode {
    case .SQLITE_NOTADB, .SQLITE_CORRUPT:
      return damaged(error.message ?? "it is not a database")
    case .SQLITE_CANTOPEN, .SQLITE_READONLY, .SQLITE_PERM:
      return StoreError(
        "\(path) can't be opened: \(error.message ?? "\(error.resultCode)")",
        help: "the file and its folder must be readable and writable for the user who runs berth")
    case .SQLITE_BUSY, .SQLITE_LOCKED:
      return StoreError(
        "\(path) was kept busy by another program for \(Int(Self.patience)) seconds",
        help: "try again; if it stays so, look for a program that holds the file open")
    case .SQLITE_FULL,
      .SQLITE_IOERR where file.hasNoRoom:
      return StoreError("\(path) can't grow: the disk is full", help: "make room and try again")
    case .SQLITE_IOERR:
      return StoreError(
        "\(path) can't be read or written: \(error.message ?? "the disk fails") (\(error.extendedResultCode.rawValue))",
        help: "look at the disk, its quota and its file system, and try again: nothing was changed by halves")
    default:
      return StoreError(
        "\(path) can't be used: \(error.message ?? "\(error.extendedResultCode)")",
        help:
          "try again; if it stays so, put a copy back, or move the file away to start with an empty history")
    }
  }

  private func damaged(_ how: String) -> StoreError {
    StoreError(
      "\(file.path) is damaged: \(how)",
      help: "nothing was changed; put a copy back, or move the file away to start with an empty history")
  }
}

extension Database {
  /// What the body returns, once all of it is on the disk.
  fileprivate func transaction<Result>(
    _ kind: TransactionKind, _ body: () throws -> Result
  ) throws -> Result {
    try beginTransaction(kind)
    do {
      let result = try body()
      try commit()
      return result
    } catch {
      // SQLite may have rolled back by itself; then there is nothing left to roll back.
      if isInsideTransaction { try? rollback() }
      throw error
    }
  }
}
