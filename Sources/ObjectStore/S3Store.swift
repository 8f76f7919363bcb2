import Diagnostics
import ProviderKit
import WorkloadSpec

/// What a target may say of a bucket that keeps its history.
public struct S3Store: StoreAddress {
  /// The bucket, and what the names of its objects begin with: `bucket/prefix`.
  public var address = ""
  /// Where the store is, if it is not AWS's own.
  public var endpoint: String?
  /// The region that the bucket is in.
  public var region: String?
  /// Whether the bucket stands in the path and not in the host's name.
  public var pathStyle: Bool?
  /// The profile of the files of AWS's tools that gives credentials.
  public var profile: String?

  /// A bucket of which nothing is said.
  public init() {}

  /// A bucket of AWS's own.
  public init(address: String) { self.address = address }

  /// The word that addresses begin with.
  public static let scheme = "s3"

  /// The statement of its fields.
  public static let schema = ObjectSchema<S3Store>(
    "bucket", "A bucket of S3, or of a store that speaks its language and knows conditional writes.",
    synonyms: [
      "bucket": "s3", "url": "endpoint", "endpointUrl": "endpoint", "endpoint_url": "endpoint",
      "force_path_style": "pathStyle", "use_path_style": "pathStyle", "forcePathStyle": "pathStyle",
    ],
    fields: [
      Field(
        "s3", \.address, "the bucket, and what the names of its objects begin with: `bucket/prefix`",
        required: true,
        rules: [.isBucket]),
      Field(
        "endpoint", \.endpoint, "where the store is, if it is not AWS's own: `https://s3.example.com`",
        rules: [.notEmpty]),
      Field(
        "region", \.region, "the region that the bucket is in; without it, as AWS's tools find it",
        rules: [.notEmpty]),
      Field(
        "pathStyle", \.pathStyle,
        "whether the bucket stands in the path and not in the host's name; without it, if an endpoint is stated"
      ),
      Field(
        "profile", \.profile,
        "the profile of `~/.aws` that gives credentials; without it, they are found as AWS's tools find them",
        rules: [.notEmpty]),
    ])

  /// The bucket.
  var bucket: String { String(address.split(separator: "/", maxSplits: 1).first ?? "") }

  /// What the names of the objects begin with: nothing, or parts and a `/`.
  var prefix: String {
    let parts = address.split(separator: "/").dropFirst()
    return parts.map { "\($0)/" }.joined()
  }

  /// What is wrong with an address: `bucket` or `bucket/prefix`.
  public static func problem(with address: String) -> RuleProblem? {
    let parts = address.split(separator: "/", omittingEmptySubsequences: false)
    guard let bucket = parts.first, isBucket(bucket) else {
      return RuleProblem(
        "`\(parts.first ?? "")` is not the name of a bucket",
        help: "write it as `bucket/prefix`; a bucket has 3 to 63 lower-case letters, digits, `-` and `.`")
    }
    var prefix = parts.dropFirst()
    if prefix.last?.isEmpty == true { prefix = prefix.dropLast() }
    let isPlain = prefix.allSatisfy { part in
      !part.isEmpty && part != "." && part != ".."
        && part.utf8.allSatisfy { isLetterOrDigit($0) || "-_.!*'()=".utf8.contains($0) }
    }
    guard isPlain, address.utf8.count <= 512 else {
      return RuleProblem(
        "`\(address)` has a prefix that can't be used",
        help: "between its slashes stand letters, digits, `-`, `_` and `.`")
    }
    return nil
  }

  private static func isBucket(_ name: Substring) -> Bool {
    let isPlain = name.utf8.allSatisfy { byte in
      isLetterOrDigit(byte) && !(UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
        || byte == UInt8(ascii: "-") || byte == UInt8(ascii: ".")
    }
    guard isPlain, (3...63).contains(name.utf8.count), !name.contains("..") else { return false }
    return name.first?.isLetterOrNumber == true && name.last?.isLetterOrNumber == true
  }

  private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"):
      true
    default: false
    }
  }
}

extension Character {
  fileprivate var isLetterOrNumber: Bool { isLetter || isNumber }
}

extension Rule where Subject == String {
  /// A bucket with what names begin with.
  fileprivate static let isBucket = Rule("`bucket/prefix`", code: .unknownStore) { S3Store.problem(with: $0) }
}
