import GRDB
import Planning
import ProviderKit

/// The release store of processes on this machine: one SQLite file.
///
/// Making a store touches nothing. Reading never creates, migrates or repairs anything: where there is no file
/// yet, everything is empty. Only what a killed process left half made is undone first, which is SQLite's work. The first write makes the folder (mode 0700) and the file (mode 0600).
///
/// Any number of stores, in any number of processes, may use one file at the same time. A write is one
/// transaction that is on the disk when the method returns. It is carried through even if the task that asked
/// for it is cancelled meanwhile: how a cancelled run ended must be written down too.
public final class LocalStore: ReleaseStore {
  private let connection: StoreConnection
  let limits: HistoryLimits

  /// The store in a file.
  ///
  /// - Parameters:
  ///   - path: the path of the file, in a folder of its own; SQLite keeps two more files beside it.
  ///   - limits: how much is kept of each workload's history.
  public init(path: String, limits: HistoryLimits = HistoryLimits()) {
    self.limits = limits
    connection = StoreConnection(file: StoreFile(path: path))
  }

  /// The path of the SQLite database, which the first write creates.
  public var path: String { connection.file.path }

  /// What a query finds in the database, or `empty` where there is none.
  func read<Result: Sendable>(
    or empty: Result, _ query: @escaping @Sendable (Database) throws -> Result
  ) async throws -> Result {
    guard let database = try connection.forReading() else { return empty }
    return try await connection.perform(on: database, inTransaction: .deferred, query)
  }

  /// What a change of the database returns; the database is made if there is none.
  func write<Result: Sendable>(
    _ change: @escaping @Sendable (Database) throws -> Result
  ) async throws -> Result {
    try await connection.perform(on: connection.forWriting(), inTransaction: .immediate, change)
  }

  /// Moves what lies in SQLite's log into the file.
  func mergeLog() async { await connection.mergeLog() }

  /// What a change of the database returns, or `nothing` where there is no database that it could change.
  func write<Result: Sendable>(
    or nothing: Result, _ change: @escaping @Sendable (Database) throws -> Result
  ) async throws -> Result {
    guard try connection.forReading() != nil else { return nothing }
    return try await write(change)
  }
}
