import AWSAPI
import Diagnostics
import ProviderKit
import Synchronization
import Wire

/// Leads to a bucket: finds it when it is needed first, and tries it out before it is written to.
final class BucketConnection: Sendable {
  /// The keys that were read.
  let keys = Mutex<[String: Register]>([:])
  private let open: @Sendable () async throws -> Bucket
  private let state = Mutex(State())

  private struct State {
    var bucket: Bucket?
    var finding: BucketProbe.Finding?
    var probe: Task<BucketProbe.Finding, any Error>?
  }

  init(open: @escaping @Sendable () async throws -> Bucket) { self.open = open }

  /// The bucket.
  func bucket() async throws -> Bucket {
    if let bucket = state.withLock({ $0.bucket }) { return bucket }
    let opened = try await open()
    return state.withLock { state in
      if let first = state.bucket { return first }
      state.bucket = opened
      return opened
    }
  }

  /// The bucket, and what it does with conditions.
  ///
  /// - Throws: ``StoreError`` if it can't keep a history.
  func writableBucket() async throws -> (Bucket, BucketProbe.Finding) {
    let bucket = try await bucket()
    let (finding, probe) = state.withLock {
      state -> (BucketProbe.Finding?, Task<BucketProbe.Finding, any Error>?) in
      if let finding = state.finding { return (finding, nil) }
      if let probe = state.probe { return (nil, probe) }
      // It is carried through even if the task that asked first is cancelled: others wait for it.
      let probe = Task { try await BucketProbe(bucket: bucket).run() }
      state.probe = probe
      return (nil, probe)
    }
    if let finding { return (bucket, finding) }
    guard let probe else { throw CancellationError() }
    do {
      let finding = try await probe.value
      state.withLock { $0.finding = finding }
      return (bucket, finding)
    } catch {
      // The next write tries anew.
      state.withLock { if $0.probe == probe { $0.probe = nil } }
      throw error
    }
  }
}

extension BucketConnection {
  /// The bucket of a target, with credentials as AWS's own tools find them.
  ///
  /// - Parameter environment: the variables of the program.
  convenience init(_ options: StoreOptions, environment: [String: String]) {
    self.init(open: {
      do { return try await Self.open(options, environment) } catch let error as AWSError {
        throw StoreError(error.message, help: error.help, code: .badConfiguration)
      }
    })
  }

  private static func open(_ options: StoreOptions, _ environment: [String: String]) async throws -> Bucket {
    let store = options.own(S3Store.self)
    let settings = try AWSSettings(environment: environment)
    let door = try WebDoor(environment: environment)
    let stated = store.endpoint ?? settings.endpoint(of: "s3")
    let programs: ProgramPermission =
      options.isGiven ? .granted : .refused(because: "a configuration that was found names the store")
    let context = CredentialContext(
      settings: settings, door: door, region: store.region ?? settings.region(of: store.profile),
      programs: programs)
    let region = try await region(store, settings, isElsewhere: stated != nil, context)
    // TLS knows no name with a dot in place of the bucket.
    let isInPath = store.pathStyle ?? (stated != nil || store.bucket.contains("."))
    var server =
      try stated.map { try AWSRegion.address($0, "the endpoint of the store") }
      ?? AWSRegion.endpoint(of: "s3", in: region)
    try check(server, options)
    if !isInPath {
      server = try AWSRegion.address(
        "\(server.scheme.rawValue)://\(store.bucket).\(server.authority)\(server.path)",
        "the address of the bucket")
    }
    let supply = CredentialSupply(context, profile: store.profile)
    let client = AWSClient("s3", at: server, region: region, credentials: supply, door: door)
    return Bucket(name: store.bucket, prefix: store.prefix, client: client, isInPath: isInPath)
  }

  private static func region(
    _ store: S3Store, _ settings: AWSSettings, isElsewhere: Bool, _ context: CredentialContext
  ) async throws -> String {
    if let region = store.region ?? settings.region(of: store.profile) { return region }
    // Other stores take what AWS's tools say where nothing is said.
    if isElsewhere { return "us-east-1" }
    if let region = try await MachineCredentials(context).region() { return region }
    throw AWSError(
      "it is not known in which region the bucket `\(store.bucket)` is",
      help: "write `store: {s3: \(store.address), region: …}`, or set AWS_REGION")
  }

  /// The author of a configuration that was found must not choose where something is sent.
  private static func check(_ server: ServerAddress, _ options: StoreOptions) throws {
    guard options.isGiven || server.isOfThisMachine else {
      throw DiagnosticError(
        Diagnostic(
          .foundConfiguration,
          "the target `\(options.target)` keeps its history at \(server), which only a configuration that is given may say",
          help:
            "if berth.yaml says what you mean, give it: `--config berth.yaml`, or `BERTH_CONFIG` in the environment"
        ))
    }
  }
}
