import Planning
import ProviderKit

/// Keeps the history of engines in a bucket of S3, or of a store that speaks its language and knows conditional writes.
public struct BucketKeeper: StoreKeeper {
  private let connection: BucketConnection
  /// What a store of this kind is, in one sentence.
  public static let summary =
    "a bucket of S3, or of a store that speaks its language and knows conditional writes"

  /// The bucket of a target; see ``S3Store``. Nothing is connected to before something is asked for.
  ///
  /// - Parameter environment: the variables of the program, by which AWS's tools are told of credentials and regions.
  public init(_ options: StoreOptions, environment: [String: String]) {
    self.init(BucketConnection(options, environment: environment))
  }

  init(_ connection: BucketConnection) { self.connection = connection }

  /// Makes sure that the bucket is there, in the region that is asked, and may be looked through.
  ///
  /// - Throws: ``StoreError`` if it is not.
  public func connect() async throws {
    let bucket = try await connection.bucket()
    // Who waits for it is told soon that it is not there.
    _ = try await bucket.list(bucket.prefix, limit: 1, attempts: 2)
  }

  /// The history of an engine's workloads, below a prefix of its own.
  public func store(of engine: EngineIdentity, limits: HistoryLimits) async throws -> any ReleaseStore {
    RegisterStore(ObjectRegisters(connection: connection), prefix: engine.storePath + "/", limits: limits)
  }
}
