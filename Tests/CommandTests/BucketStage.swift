import AWSTestSupport
import LocalProvider
import ObjectStore
import ProviderKit

/// Processes of this machine whose history is in a bucket of moto.
struct BucketStage: SharedStage {
  private let base: LocalSoakStage
  /// The history, as another process would read it.
  let records: any ReleaseReader

  var name: String { "processes with a bucket" }
  var sandbox: Sandbox { base.sandbox }
  let place: [String] = []
  let namespace = "default"
  let source = ""

  init() async throws {
    base = try LocalSoakStage()
    let moto = try await MotoServer.shared.value
    let bucket = "stage-" + String(UInt64.random(in: .min ... .max), radix: 36)
    try await moto.makeBucket(bucket)
    let sandbox = base.sandbox
    try sandbox.write(
      "berth.yaml",
      "default: lab\ntargets:\n  lab: {provider: local, store: {s3: \(bucket)/team, endpoint: '\(moto.address)'}}\n"
    )
    let keys = [
      "AWS_ACCESS_KEY_ID": "AKIA1", "AWS_SECRET_ACCESS_KEY": "planted-secret", "AWS_REGION": "us-east-1",
    ]
    sandbox.environment = keys.merging(["BERTH_CONFIG": sandbox.folder + "/berth.yaml", "HOME": "/nowhere"]) {
      $1
    }
    var store = S3Store(address: "\(bucket)/team")
    store.endpoint = moto.address
    let keeper = BucketKeeper(
      StoreOptions(target: "lab", own: store, isGiven: true),
      environment: keys.merging(["HOME": "/nowhere"]) { $1 })
    let home = sandbox.home + "/local"
    let provider = LocalProvider(home: home, store: LocalStore(path: home + "/berth.db"))
    records = try await keeper.store(of: try await provider.info().identity, limits: HistoryLimits())
  }

  func services() async throws -> [SoakService] { try base.services() }
}
