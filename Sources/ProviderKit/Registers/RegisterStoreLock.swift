import Planning
import WorkloadSpec

// MARK: The lock

extension RegisterStore {
  /// What the register of a lock holds: who holds the lock, or that it is free. It stays when the lock is given back.
  private struct Sighting {
    let record: LockRecord?
    let version: RegisterVersion?
  }

  private func lookAtLock(of key: WorkloadKey) async throws -> Sighting {
    guard let register = try await registers.get(names.lock(of: key)) else {
      return Sighting(record: nil, version: nil)
    }
    let what = "the lock of \(key)"
    let json = try RegisterText.value(try RegisterText.lines(of: register, what).first, of: register, what)
    if json["token"] == nil { return Sighting(record: nil, version: register.version) }
    do {
      let members = RecordMembers(json)
      let holder = LockHolder(
        token: try members.text("token"), description: try members.text("holder"),
        since: try members.moment("since"))
      let record = LockRecord(
        holder: holder, beat: try members.number("beat"), holderIsGone: registers.isGone(holder))
      return Sighting(record: record, version: register.version)
    } catch {
      throw RegisterText.damaged(register, what, "it makes no sense")
    }
  }

  /// What is to become of a lock.
  private enum Decision<Result> {
    case to(LockRecord?, Result)
    case stay(Result)
  }

  /// Changes a lock.
  ///
  /// - Parameter decide: asked with who holds the lock, again if another writer was quicker or if it is not known whether
  ///   it was changed.
  private func changeLock<Result>(
    of key: WorkloadKey, _ decide: (LockRecord?, _ mayBeChanged: Bool) -> Decision<Result>
  ) async throws -> Result {
    var doubts: [any Error] = []
    for attempt in 0..<Self.attempts {
      let sighting = try await lookAtLock(of: key)
      switch decide(sighting.record, !doubts.isEmpty) {
      case .stay(let result): return result
      case .to(let record, let result):
        if doubts.count > Self.doubts { throw doubts[0] }
        do {
          if try await keep(contents(of: record), as: names.lock(of: key), from: sighting.version) {
            return result
          }
        } catch let error as CancellationError {
          throw error
        } catch {
          doubts.append(error)
        }
      }
      if attempt > 2 { try await Task.sleep(for: .milliseconds(Int.random(in: 1...20))) }
    }
    throw StoreError("too many others want the lock of \(key) at once", help: "try again")
  }

  private func contents(of record: LockRecord?) -> [UInt8] {
    guard let record else { return RegisterText.write(.map([])) }
    return RegisterText.write([
      "token": .string(record.holder.token), "holder": .string(record.holder.description),
      "since": .int(record.holder.since.milliseconds), "beat": Value(record.beat),
    ])
  }

  /// Who holds the lock of a workload.
  public func lock(of key: WorkloadKey) async throws -> LockRecord? { try await lookAtLock(of: key).record }

  /// Takes the lock, if it is free. Asking again with the same token changes nothing.
  public func tryLock(_ key: WorkloadKey, as holder: LockHolder) async throws -> LockAttempt {
    try await changeLock(of: key) { record, _ in
      guard let record else { return .to(LockRecord(holder: holder, beat: 0), .acquired) }
      return .stay(record.holder.token == holder.token ? .acquired : .held(record))
    }
  }

  /// Says that the holder is alive.
  public func beat(_ key: WorkloadKey, token: String) async throws -> Bool {
    try await changeLock(of: key) { record, mayBeChanged in
      guard var record, record.holder.token == token else { return .stay(false) }
      if mayBeChanged { return .stay(true) }
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
