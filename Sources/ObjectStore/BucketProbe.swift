import ProviderKit

/// What a bucket does with conditions, tried out on an object of its own. Some stores take a conditional write and do it
/// whatever the condition says: two runs would each think that they have the lock.
struct BucketProbe: Sendable {
  let bucket: Bucket

  /// What it can do that not all can.
  struct Finding: Sendable, Equatable {
    /// Whether what is deleted can depend on a condition.
    let deletesOnCondition: Bool
  }

  /// Tries it out, and leaves nothing behind.
  ///
  /// - Throws: ``StoreError`` if the bucket can't keep a history.
  func run() async throws -> Finding {
    let key = "\(bucket.prefix)probes/\(RegisterObject.nonce())"
    guard let first = try await bucket.put(key, RegisterObject.write([]), if: .absent) else {
      throw ignored("it says of a new name that something is there")
    }
    do {
      let finding = try await tryOut(key, first)
      return finding
    } catch {
      _ = try? await bucket.delete(key, if: nil)
      throw error
    }
  }

  private func tryOut(_ key: String, _ first: Bucket.Written) async throws -> Finding {
    guard !first.isVersioned else {
      throw StoreError(
        "the bucket `\(bucket.name)` keeps every version of an object, and berth writes a lock every few seconds",
        help: "suspend its versioning (aws s3api put-bucket-versioning), or use a bucket without",
        code: .bucketVersioned)
    }
    guard try await bucket.put(key, RegisterObject.write([]), if: .absent) == nil else {
      throw ignored("it writes over an object that must not be there (If-None-Match)")
    }
    guard try await bucket.put(key, RegisterObject.write([]), if: .unchanged(Self.noTag)) == nil else {
      throw ignored("it writes over an object that is another one (If-Match)")
    }
    guard let second = try await bucket.put(key, RegisterObject.write([]), if: .unchanged(first.tag)),
      second.tag != first.tag
    else { throw ignored("it does not change an object that is as the condition says (If-Match)") }
    let isGone: Bool
    do { isGone = try await bucket.delete(key, if: first.tag) } catch let error as StoreError
      where error.code == .storeWithoutConditions || error.code == .storeUnusable
    {
      // It knows no conditions there, and says so.
      _ = try await bucket.delete(key, if: nil)
      return Finding(deletesOnCondition: false)
    }
    if isGone { return Finding(deletesOnCondition: false) }
    guard try await bucket.delete(key, if: second.tag) else {
      _ = try await bucket.delete(key, if: nil)
      return Finding(deletesOnCondition: false)
    }
    return Finding(deletesOnCondition: true)
  }

  /// The tag of no object.
  private static let noTag = "00000000000000000000000000000000"

  private func ignored(_ how: String) -> StoreError {
    StoreError(
      "the store at \(bucket.client.server) does not keep the conditions of writes: \(how)",
      help:
        "two runs could overwrite each other there: keep the history in S3, or in a store that knows conditional writes",
      code: .storeWithoutConditions)
  }
}
