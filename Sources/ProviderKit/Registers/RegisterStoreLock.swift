import Planning
import Values

// MARK: The lock

extension RegisterStore {
  /// Who holds a lock, by what its register holds. The register stays when the lock is given back.
  private func record(in register: Register?, of key: WorkloadKey) throws -> LockRecord? {
    guard let register else { return nil }
    let what = "the lock of \(key)"
    let json = try RegisterText.value(try RegisterText.lines(of: register, what).first, of: register, what)
    if json["token"] == nil { return nil }
    do {
      let members = RecordMembers(json)
      let holder = LockHolder(
        token: try members.text("token"), description: try members.text("holder"),
        since: try members.moment("since"))
      return LockRecord(
        holder: holder, beat: try members.number("beat"), holderIsGone: registers.isGone(holder))
    } catch {
      throw RegisterText.damaged(register, what, "it makes no sense")
    }
  }

  /// Who holds a lock whose register holds some bytes, for an engine that has a place to show it; `nil` if it is free, or
  /// makes no sense.
  package static func holder(ofLock contents: [UInt8]) -> LockHolder? {
    let register = Register(name: "", version: RegisterVersion(""), contents: contents)
    guard let line = try? RegisterText.lines(of: register, "").first,
      let json = try? RegisterText.value(line, of: register, ""), let token = json["token"]?.string,
      let description = json["holder"]?.string, let since = json["since"]?.int
    else { return nil }
    return LockHolder(token: token, description: description, since: Timestamp(milliseconds: since))
  }

  /// Changes a lock.
  ///
  /// - Parameter decide: asked with who holds the lock; see ``change(_:_:read:decide:contents:kept:)``.
  private func changeLock<Result: Sendable>(
    of key: WorkloadKey, _ decide: (LockRecord?, _ mayBeChanged: Bool) -> Move<LockRecord?, Result>
  ) async throws -> Result {
    try await change(
      names.lock(of: key), "the lock of \(key)", read: { try record(in: $0, of: key) }, decide: decide,
      contents: contents)
  }

  private func contents(of record: LockRecord?) -> [UInt8] {
    guard let record else { return RegisterText.write(.map([])) }
    return RegisterText.write([
      "token": .string(record.holder.token), "holder": .string(record.holder.description),
      "since": .int(record.holder.since.milliseconds), "beat": Value(record.beat),
    ])
  }

  /// Who holds the lock of a workload.
  public func lock(of key: WorkloadKey) async throws -> LockRecord? {
    try record(in: try await registers.get(names.lock(of: key)), of: key)
  }

  /// Takes the lock, if it is free. Asking again with the same token changes nothing.
  public func tryLock(_ key: WorkloadKey, as holder: LockHolder) async throws -> LockAttempt {
    try await changeLock(of: key) { record, _ in
      guard let record else { return .to(LockRecord(holder: holder, beat: 0), .acquired) }
      return .stay(record.holder.token == holder.token ? .acquired : .held(record))
    }
  }

  /// Says that the holder is alive.
  public func beat(_ key: WorkloadKey, token: String) async throws -> Bool {
    var silent: Int?
    return try await changeLock(of: key) { record, mayBeChanged in
      guard var record, record.holder.token == token else { return .stay(false) }
      // Only the holder beats. A lock that can be read and not written does not count as one that beats.
      if mayBeChanged, record.beat != silent { return .stay(true) }
      silent = record.beat
      record.beat &+= 1
      return .to(record, true)
    }
  }

  /// Takes the lock away, if it is as it was seen.
  public func breakLock(_ key: WorkloadKey, seen: LockRecord) async throws -> Bool {
    try await changeLock(of: key) { record, mayBeChanged in
      // Another waiter may have broken it since: it is broken.
      guard let record else { return .stay(mayBeChanged) }
      guard record.holder.token == seen.holder.token, record.beat == seen.beat else { return .stay(false) }
      return .to(nil, true)
    }
  }

  /// Gives the lock back, if it is the holder's.
  public func unlock(_ key: WorkloadKey, token: String) async throws {
    try await changeLock(of: key) { record, _ in
      record?.holder.token == token ? .to(nil, ()) : .stay(())
    }
  }
}
