import Planning
import Values

// MARK: Runs

extension RegisterStore {
  /// Writes down that a run starts. One that is still under way is abandoned.
  ///
  /// - Throws: ``StoreError`` if there is a run with this identity already.
  public func begin(_ run: Run, recording: RunRecording?) async throws {
    try await moveHead(of: run.key) { head, mayBeMoved in
      if head.run?.id == run.id || head.runs.contains(where: { $0.run == run.id }) {
        if mayBeMoved { return .stay(()) }
        throw StoreError("run \(run.id) of \(run.key) began already", help: "begin another run")
      }
      var next = head
      if var open = head.run, open.outcome == .unfinished {
        open.outcome = .abandoned
        let entry = RegisterHead.RunEntry(number: head.sequence, run: open.id, writer: run.id)
        try await self.write(RegisterText.write(open.json), as: self.names.run(entry, of: run.key))
        next.runs.append(entry)
      }
      next.sequence += 1
      next.run = run
      next.incomplete.insert(run.id)
      return .to(next, ())
    }
    memory.withLock { $0.openRuns[run.id] = OpenRun(key: run.key) }
  }

  /// Writes down how a run ended, the release that it made, and what operators asked. What no head refers to any more is
  /// deleted then.
  ///
  /// - Throws: ``StoreError`` if the run did not begin, has ended, or was taken over by a later one.
  public func finish(
    _ id: RunID, of key: WorkloadKey, outcome: RunOutcome, failure: String?, at: Timestamp,
    release draft: ReleaseDraft?, operatorState: OperatorState?
  ) async throws -> Release? {
    let (release, head, listed) = try await moveHead(of: key) {
      head, mayBeMoved -> Move<RegisterHead, (Release?, RegisterHead, [Register])> in
      guard head.isUnderWay(id), var run = head.run else {
        if mayBeMoved, let ended = try await self.end(of: id, in: head, outcome, at: at) {
          return .stay(ended)
        }
        throw StoreError(
          "run \(id) of \(key) can't be ended: it is not under way",
          help: "another apply may have taken over; look at `berth history \(key.name)`")
      }
      // What is listed now and not referred to then never will be: a run that could refer to it begins later.
      async let listed = self.registers.list(self.names.records(of: key), contents: false)
      var writer = ContentWriter(known: head.blobs, run: id, self.registers)
      run.outcome = outcome
      run.failure = failure
      run.endedAt = at
      var next = head
      var records: [(name: String, contents: [UInt8])] = []
      if let draft {
        let release = Release(draft, number: (head.releases.last?.number ?? 0) + 1, of: key, at: at, run: id)
        let outline = writer.outline(release)
        let entry = RegisterHead.ReleaseEntry(
          number: release.number, run: id, isTombstone: release.snapshot == nil, blobs: outline.blobs)
        records.append((self.names.release(entry, of: key), RegisterText.write([outline.line])))
        run.release = release.number
        next.release = RegisterHead.Kept(content: release, outline: outline)
        next.releases.append(entry)
        next.incomplete = []
      }
      if let operatorState {
        let outline = writer.outline(operatorState)
        next.operatorState =
          operatorState.isEmpty ? nil : RegisterHead.Kept(content: operatorState, outline: outline)
      }
      if outcome == .succeeded { next.incomplete.remove(id) } else { next.incomplete.insert(id) }
      next.run = run
      let entry = RegisterHead.RunEntry(number: head.sequence, run: id, writer: id)
      next.runs.append(entry)
      next.trim(to: self.limits)
      records.append((self.names.run(entry, of: key), RegisterText.write(run.json)))
      records += self.mergedJournal(of: id, of: key)
      for (content, reference) in writer.new { try await self.write(content, as: reference, of: key) }
      try await self.write(records)
      // What was just written is there, too.
      let written = records.map { Register(name: $0.name, version: RegisterVersion(""), contents: []) }
      return .to(next, (draft == nil ? nil : next.release?.content, next, try await listed + written))
    }
    memory.withLock { $0.openRuns[id] = nil }
    await sweep(listed, after: head)
    return release
  }

  /// What became of a run that may have been ended by this store, though its answer was lost.
  private func end(
    of id: RunID, in head: RegisterHead, _ outcome: RunOutcome, at: Timestamp
  ) async throws -> (Release?, RegisterHead, [Register])? {
    guard let entry = head.runs.last(where: { $0.run == id && $0.writer == id }) else { return nil }
    let ended = head.run?.id == id ? head.run : try await self.run(entry, head.key)
    guard let ended, ended.outcome == outcome, ended.endedAt == at else { return nil }
    var release: Release?
    if let number = ended.release { release = try await self.release(number, of: head.key) }
    return (release, head, [])
  }

  /// Writes records, several at a time.
  private func write(_ records: [(name: String, contents: [UInt8])]) async throws {
    let results = await records.concurrentMap(atOnce: 8) { record -> Result<Void, any Error> in
      do { return .success(try await self.write(record.contents, as: record.name)) } catch {
        return .failure(error)
      }
    }
    for result in results { try result.get() }
  }

  // MARK: Sweeping

  /// Deletes the records that no head refers to. What can't be deleted is left to the next run.
  ///
  /// - Parameters:
  ///   - listed: the records that were there before the head moved.
  ///   - head: the head since.
  private func sweep(_ listed: [Register], after head: RegisterHead) async {
    _ = await unreferred(listed, by: head).concurrentMap(atOnce: 8) { [registers] register in
      _ = try? await registers.swap(register.name, from: register.version, to: nil)
    }
  }

  private func unreferred(_ listed: [Register], by head: RegisterHead) -> [Register] {
    let key = head.key
    var referred = Set(head.runs.map { names.run($0, of: key) })
    referred.formUnion(head.releases.map { names.release($0, of: key) })
    referred.formUnion(head.blobs.flatMap { names.pieces(of: $0, of: key) })
    let runs = head.runs.map(\.run) + [head.run?.id].compactMap(\.self)
    let journals = JournalParts(of: Set(runs.map { names.journal(of: $0, of: key) }), in: listed.map(\.name))
    referred.formUnion(journals.areRead)
    return listed.filter { !referred.contains($0.name) }
  }

  /// The names of the records of a workload that its head does not refer to, in order: what a run that was killed left
  /// behind, until the next one ends.
  package func unreferred(of key: WorkloadKey) async throws -> [String] {
    let listed = try await registers.list(names.records(of: key), contents: false)
    return unreferred(listed, by: try await look(at: key)).map(\.name)
  }
}

/// Moves large content out of what a run records, and names it.
struct ContentWriter {
  /// What has to be written.
  private(set) var new: [(content: [UInt8], reference: BlobReference)] = []

  private let run: RunID
  private let capacity: Int
  private var known: [String: BlobReference]

  /// - Parameter known: what is written already and stays: what the head refers to.
  init(known: [BlobReference], run: RunID, _ registers: some Registers) {
    self.known = Dictionary(known.map { ($0.digest, $0) }) { first, _ in first }
    self.run = run
    capacity = registers.capacity
  }

  /// A release as it is written.
  mutating func outline(_ release: Release) -> Outline<BlobReference> {
    outline(release.json, part: ["snapshot"])
  }

  /// What operators asked as it is written.
  mutating func outline(_ state: OperatorState) -> Outline<BlobReference> {
    outline(state.json, part: ["rollout", "snapshot"])
  }

  private mutating func outline(_ json: Value, part: [String]) -> Outline<BlobReference> {
    Outline(json, part: part, Outline<BlobReference>.Sizes(capacity: capacity)) { reference(to: $0) }
  }

  private mutating func reference(to content: [UInt8]) -> BlobReference {
    let digest = BlobReference.digest(of: content)
    if let reference = known[digest] { return reference }
    let reference = BlobReference(content, by: run, capacity: capacity)
    known[digest] = reference
    new.append((content, reference))
    return reference
  }
}
