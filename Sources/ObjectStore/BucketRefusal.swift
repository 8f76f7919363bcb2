import AWSAPI
import Diagnostics
import ProviderKit

/// What a bucket refuses, and what to do about it.
struct BucketRefusal {
  let error: AWSError
  let bucket: Bucket
  /// What was asked for: `read`, `write`, `delete` or `list`.
  let verb: String
  let key: String

  init(_ error: AWSError, bucket: Bucket, verb: String, key: String) {
    self.error = error
    self.bucket = bucket
    self.verb = verb
    self.key = key
  }

  private static let wrongCredentials: Set<String> = [
    "InvalidAccessKeyId", "SignatureDoesNotMatch", "ExpiredToken", "InvalidToken", "TokenRefreshRequired",
  ]
  private static let otherRegions: Set<String> = [
    "PermanentRedirect", "AuthorizationHeaderMalformed", "TemporaryRedirect",
    "IllegalLocationConstraintException",
  ]

  private var place: String { "the bucket `\(bucket.name)` at \(bucket.client.server)" }

  /// What S3 calls the right to do it.
  private var right: String {
    switch verb {
    case "read": "s3:GetObject"
    case "write": "s3:PutObject"
    case "delete": "s3:DeleteObject"
    default: "s3:ListBucket"
    }
  }

  fileprivate var words: (message: String, help: String?, code: DiagnosticCode) {
    let code = error.code ?? ""
    if error.concernsCredentials || Self.wrongCredentials.contains(code) {
      return (error.message, error.help, .credentialsRefused)
    }
    if code == "NoSuchBucket" {
      return (
        "there is no bucket `\(bucket.name)` at \(bucket.client.server)",
        "correct `store` in berth.yaml, or make the bucket, without versions of its objects", .bucketMissing
      )
    }
    if Self.otherRegions.contains(code) || (300..<400).contains(error.status ?? 0) {
      let there = error.region.map { "is in the region \($0)" } ?? "is in another region"
      return (
        "\(place) \(there), and is asked in \(bucket.client.region)",
        "write `store: {s3: …, region: \(error.region ?? "…")}`", .bucketElsewhere
      )
    }
    if error.isForbidden {
      let resource = verb == "list" ? bucket.name : "\(bucket.name)/\(bucket.prefix)*"
      return (
        "\(place) refuses to \(verb) `\(key)`: \(error.message)",
        "allow \(right) on arn:aws:s3:::\(resource)"
          + (verb == "read"
            ? ", and s3:ListBucket, without which S3 does not say that an object is missing" : "")
          + "; docs/stores.md has the whole policy", .bucketForbids
      )
    }
    if error.status == 501 || code == "NotImplemented" {
      return (
        "\(place) does not know what it is asked: \(error.message)",
        "keep the history in a store that knows conditional writes", .storeWithoutConditions
      )
    }
    return (error.message, error.help, error.isConnectionFailure ? .engineUnreachable : .storeUnusable)
  }
}

extension StoreError {
  init(_ refusal: BucketRefusal) {
    let (message, help, code) = refusal.words
    self.init(message, help: help, code: code)
  }
}
