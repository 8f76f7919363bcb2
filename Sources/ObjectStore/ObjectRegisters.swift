import ProviderKit
import Synchronization

/// Registers that a bucket keeps, each as an object; see ``RegisterObject``.
///
/// Before the first write it is found out what the bucket does with conditions; see ``BucketProbe``.
struct ObjectRegisters: Registers {
  let connection: BucketConnection

  /// What is larger is hard to send in one piece over a slow line.
  let capacity = 4 << 20

  func get(_ name: String) async throws -> Register? {
    // A key is made once, and every workload that uses secrets asks for it.
    let isKey = RegisterOwner(of: name).name.hasPrefix("keys/")
    if isKey, let known = connection.keys.withLock({ $0[name] }) { return known }
    let register = try await read(name, in: try await connection.bucket())
    if isKey, let register { connection.keys.withLock { $0[name] = register } }
    return register
  }

  private func read(_ name: String, in bucket: Bucket) async throws -> Register? {
    guard let found = try await bucket.get(bucket.prefix + name) else { return nil }
    switch RegisterObject.read(found.contents) {
    case .register(let contents):
      return Register(name: name, version: RegisterVersion(found.tag), contents: contents)
    case .tombstone: return nil
    case .foreign:
      throw StoreError(
        "the object `\(bucket.prefix)\(name)` of the bucket `\(bucket.name)` is in the way of the release store: berth did not write it",
        help: "look at what it holds, and delete it")
    }
  }

  func list(_ prefix: String, contents: Bool) async throws -> [Register] {
    let bucket = try await connection.bucket()
    let entries = try await bucket.list(bucket.prefix + prefix)
    let found = await entries.concurrentMap(atOnce: 16) { entry -> Result<Register?, any Error> in
      let name = String(entry.key.dropFirst(bucket.prefix.count))
      // Of the size of one that is gone, an object has to be read to tell.
      guard contents || entry.size == RegisterObject.goneSize else {
        return .success(Register(name: name, version: RegisterVersion(entry.tag), contents: []))
      }
      do { return .success(try await read(name, in: bucket)) } catch { return .failure(error) }
    }
    return try found.compactMap { try $0.get() }.sorted { $0.name < $1.name }
  }

  func create(_ name: String, _ contents: [UInt8]) async throws -> Bool {
    let (bucket, finding) = try await connection.writableBucket()
    let (key, object) = (bucket.prefix + name, RegisterObject.write(contents))
    if try await bucket.put(key, object, if: .absent) != nil { return true }
    // What stands for a register that is gone may be written over.
    guard !finding.deletesOnCondition, let found = try await bucket.get(key),
      RegisterObject.read(found.contents) == .tombstone
    else { return false }
    return try await bucket.put(key, object, if: .unchanged(found.tag)) != nil
  }

  func swap(_ name: String, from version: RegisterVersion, to contents: [UInt8]?) async throws -> Bool {
    let (bucket, finding) = try await connection.writableBucket()
    connection.keys.withLock { $0[name] = nil }
    let key = bucket.prefix + name
    if let contents {
      return try await bucket.put(key, RegisterObject.write(contents), if: .unchanged(version.text)) != nil
    }
    if finding.deletesOnCondition { return try await bucket.delete(key, if: version.text) }
    guard try await bucket.put(key, RegisterObject.tombstone(), if: .unchanged(version.text)) != nil else {
      return false
    }
    // The name of a record never comes back, so that what stands for it need not stay.
    if RegisterOwner(of: name).name.hasPrefix("records/") { _ = try await bucket.delete(key, if: nil) }
    return true
  }
}
