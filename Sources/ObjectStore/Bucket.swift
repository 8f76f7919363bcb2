import AWSAPI
import NIOHTTP1
import ProviderKit
import Wire

/// A bucket: objects under keys, read and written by the calls of S3.
struct Bucket: Sendable {
  let name: String
  /// What the keys of all objects of the store begin with.
  let prefix: String
  let client: AWSClient
  /// Whether the bucket stands in the path and not in the host's name.
  let isInPath: Bool

  /// An object, without what it holds.
  struct Entry: Sendable, Equatable {
    let key: String
    /// What tells its states apart, without quotes.
    let tag: String
    let size: Int
  }

  /// A condition of a write.
  enum Condition: Sendable {
    /// There is no such object.
    case absent
    /// The object is as this tag says.
    case unchanged(String)

    var header: (name: String, value: String) {
      switch self {
      case .absent: ("If-None-Match", "*")
      case .unchanged(let tag): ("If-Match", "\"\(tag)\"")
      }
    }
  }

  /// What an object holds, and its tag; `nil` if there is none.
  func get(_ key: String) async throws -> (contents: [UInt8], tag: String)? {
    try await asking("read", key) {
      do {
        let answer = try await client.call(AWSRequest(.GET, path(key)))
        return (Array(answer.body.readableBytesView), try tag(of: answer))
      } catch let error as AWSError where error.isNotFound && error.code != "NoSuchBucket" { return nil }
    }
  }

  /// Writes an object, if a condition holds.
  ///
  /// - Returns: the answer; `nil` if the condition does not hold.
  func put(_ key: String, _ contents: [UInt8], if condition: Condition?) async throws -> Written? {
    try await conditional("write", key) {
      // A plain type: no one is to take what it holds for a page.
      var headers: [(name: String, value: String)] = [("Content-Type", "application/octet-stream")]
      if let condition { headers.append(condition.header) }
      let answer = try await client.call(AWSRequest(.PUT, path(key), headers: headers, body: contents))
      let version = answer.headers.first(name: "x-amz-version-id")
      return Written(tag: try tag(of: answer), isVersioned: version != nil && version != "null")
    }
  }

  /// What came of a write.
  struct Written: Sendable {
    let tag: String
    /// Whether the bucket keeps what was there before.
    let isVersioned: Bool
  }

  /// Deletes an object, if it is as a tag says; without one, whatever it is.
  ///
  /// - Returns: whether it is gone by this.
  func delete(_ key: String, if tag: String?) async throws -> Bool {
    try await conditional("delete", key) {
      let headers = tag.map { [Condition.unchanged($0).header] } ?? []
      _ = try await client.call(AWSRequest(.DELETE, path(key), headers: headers, isRepeatable: tag == nil))
      return true
    } ?? false
  }

  /// The objects whose keys begin with something, ordered by key.
  ///
  /// - Parameters:
  ///   - limit: how many at most; `nil` for all.
  ///   - attempts: how often the store is asked at most that can't be reached.
  func list(_ start: String, limit: Int? = nil, attempts: Int? = nil) async throws -> [Entry] {
    try await asking("list", start) {
      try await client.pages { mark in
        var query = [(name: "list-type", value: "2"), ("prefix", start)]
        if let limit { query.append(("max-keys", "\(limit)")) }
        if let mark { query.append(("continuation-token", mark)) }
        let request = AWSRequest(.GET, isInPath ? "/\(name)" : "/", query: query)
        let page = try await client.call(request, attempts: attempts).xml()
        guard page.name == "ListBucketResult" else {
          throw AWSError(
            "\(client.server) answers with something that is no list of a bucket",
            help: "check that the endpoint is that of a store")
        }
        let entries = page.all("Contents").compactMap { item in
          item["Key"].map { key in
            Entry(
              key: key.text, tag: Self.bare(item["ETag"]?.text ?? ""),
              size: item["Size"].flatMap { Int($0.text) } ?? 0)
          }
        }
        let hasMore = page["IsTruncated"]?.text == "true" && limit == nil
        return (entries, hasMore ? page["NextContinuationToken"]?.text : nil)
      }
    }
  }

  private func path(_ key: String) -> String { isInPath ? "/\(name)/\(key)" : "/\(key)" }

  private func tag(of answer: Answer) throws -> String {
    guard let tag = answer.headers.first(name: "ETag"), !tag.isEmpty else {
      throw StoreError(
        "the store at \(client.server) does not tell the states of an object apart: its answers have no ETag",
        help: "keep the history in another place", code: .storeWithoutConditions)
    }
    return Self.bare(tag)
  }

  private static func bare(_ tag: String) -> String {
    String((tag.hasPrefix("W/") ? tag.dropFirst(2) : tag[...]).filter { $0 != "\"" })
  }

  /// Asks something that depends on a condition.
  ///
  /// - Returns: `nil` if it does not hold.
  private func conditional<Result>(
    _ verb: String, _ key: String, _ body: () async throws -> Result
  ) async throws -> Result? {
    try await asking(verb, key) {
      for attempt in 1... {
        do {
          return try await body()
        } catch let error as AWSError where error.isConditionBroken {
          return nil
        } catch let error as AWSError where error.isNotFound && error.code != "NoSuchBucket" {
          return nil
        } catch let error as AWSError
          where error.status == 409 && error.code == "ConditionalRequestConflict" && attempt < 5
        {
          // Two writes at once are in each other's way: neither was done.
          try await Task.sleep(for: .milliseconds(Int.random(in: 10...50) * attempt))
        }
      }
      return nil
    }
  }

  /// Asks, and says in the words of stores what is refused.
  private func asking<Result>(
    _ verb: String, _ key: String, _ body: () async throws -> Result
  ) async throws -> Result {
    do { return try await body() } catch let error as AWSError {
      throw StoreError(BucketRefusal(error, bucket: self, verb: verb, key: key))
    }
  }
}
