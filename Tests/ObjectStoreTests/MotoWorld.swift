import AWSTestSupport
import Planning
import ProviderKit
import Testing

@testable import AWSAPI
@testable import ObjectStore

/// A bucket of its own at moto, reached as a target would reach it.
struct MotoWorld: Sendable {
  let endpoint: String
  let bucket: String

  init() async throws {
    endpoint = try await MotoServer.shared.value.address
    bucket = "test-" + String(UInt64.random(in: .min ... .max), radix: 36)
    try await make(bucket)
  }

  private var environment: [String: String] {
    [
      "HOME": "/nowhere", "AWS_ACCESS_KEY_ID": "AKIA1", "AWS_SECRET_ACCESS_KEY": "secret",
      "AWS_REGION": "us-east-1",
    ]
  }

  private func make(_ bucket: String) async throws {
    _ = try await client().call(AWSRequest(.PUT, "/\(bucket)", isRepeatable: true))
  }

  /// A client of S3, for what berth itself never asks.
  func client() throws -> AWSClient {
    let door = try WebDoor(environment: [:])
    let context = CredentialContext(
      settings: try AWSSettings(environment: environment), door: door, region: nil, programs: .granted)
    return AWSClient(
      "s3", at: try AWSRegion.address(endpoint, "moto"), region: "us-east-1",
      credentials: CredentialSupply(context),
      door: door)
  }

  /// What a target says of the bucket.
  func options(isGiven: Bool = true) -> StoreOptions {
    var store = S3Store(address: "\(bucket)/team")
    store.endpoint = endpoint
    return StoreOptions(target: "edge", own: store, isGiven: isGiven)
  }

  /// Another keeper, as another process would have it.
  func keeper() -> BucketKeeper { BucketKeeper(options(), environment: environment) }

  /// Another connection, as another process would have it.
  func connection() -> BucketConnection { BucketConnection(options(), environment: environment) }
}
