import Planning
import Values

// MARK: ReleaseReader

extension RegisterStore {
  /// The workloads that have a head.
  public func workloads(in namespace: String?) async throws -> [WorkloadKey] {
    let prefix = namespace.map { names.heads(in: $0) } ?? names.heads
    return try await registers.list(prefix, contents: false).compactMap { names.workload(ofHead: $0.name) }
      .sorted()
  }

  /// The heads of some histories. Those of many are listed, and not asked for one by one.
  public func heads(of keys: [WorkloadKey]) async -> Answers<HistoryHead> {
    guard keys.count > 4 else {
      return await Answers(of: keys, each: { try await self.look(at: $0).history })
    }
    let namespaces = Set(keys.map(\.namespace))
    let prefix = namespaces.count == 1 ? names.heads(in: keys[0].namespace) : names.heads
    return await Answers(
      of: keys,
      together: {
        let listed = try await registers.list(prefix, contents: true)
        let registers = Dictionary(listed.map { ($0.name, $0) }) { first, _ in first }
        return await Answers(of: keys) { key in
          guard let register = registers[self.names.head(of: key)] else { return HistoryHead() }
          return try await self.head(in: register, of: key).history
        }
      })
  }

  /// The release with a number; `nil` if there was none, or if it is kept no longer.
  public func release(_ number: Int, of key: WorkloadKey) async throws -> Release? {
    try await entries(of: key) {
      $0.releases.filter { $0.number == number }
    } read: { entry, head in
      try await self.release(entry, head)
    }.first
  }

  /// The releases that are kept, the newest first.
  public func releases(of key: WorkloadKey, before: Int?, limit: Int) async throws -> [Release] {
    try await entries(of: key) { head in
      let found = head.releases.filter { entry in before.map { entry.number < $0 } ?? true }
      return Array(found.reversed().prefix(max(0, limit)))
    } read: { entry, head in
      try await self.release(entry, head)
    }
  }

  /// The runs that are kept, the newest first. The last one stands in the head.
  public func runs(of key: WorkloadKey, limit: Int) async throws -> [Run] {
    guard limit > 0 else { return [] }
    return try await entries(of: key) { head -> [RegisterHead.RunEntry?] in
      guard let last = head.run else { return [] }
      return [nil] + head.runs.filter { $0.run != last.id }.reversed().prefix(limit - 1).map { .some($0) }
    } read: { entry, head in
      if let entry { try await self.run(entry, head.key) } else { head.run }
    }
  }

  /// What records tell that a head refers to. Where one is gone, the head has moved meanwhile, and is read once more.
  private func entries<Entry: Sendable, Content: Sendable>(
    of key: WorkloadKey, _ choose: (RegisterHead) -> [Entry],
    read: @escaping @Sendable (Entry, RegisterHead) async throws -> Content?
  ) async throws -> [Content] {
    for _ in 0..<3 {
      let head = try await look(at: key)
      let results = await choose(head).concurrentMap(atOnce: 16) { entry -> Result<Content?, any Error> in
        do { return .success(try await read(entry, head)) } catch { return .failure(error) }
      }
      let found = try results.map { try $0.get() }
      let contents = found.compactMap(\.self)
      if contents.count == found.count { return contents }
    }
    throw StoreError(
      "a record of \(key) is gone, and the head of its history refers to it",
      help: "something else deleted it: put a copy back")
  }

  private func release(_ entry: RegisterHead.ReleaseEntry, _ head: RegisterHead) async throws -> Release? {
    if let last = head.release?.content, last.number == entry.number { return last }
    let what = "release \(entry.number) of \(head.key)"
    guard let register = try await registers.get(names.release(entry, of: head.key)) else { return nil }
    let lines = try RegisterText.lines(of: register, what)
    do {
      return try await kept(lines.first ?? [], of: register, what, head.key) { try Release(json: $0) }?
        .content
    } catch is MalformedRecord {
      throw RegisterText.damaged(register, what, "it makes no sense")
    }
  }

  func run(_ entry: RegisterHead.RunEntry, _ key: WorkloadKey) async throws -> Run? {
    let what = "the record of run \(entry.run) of \(key)"
    guard let register = try await registers.get(names.run(entry, of: key)) else { return nil }
    let lines = try RegisterText.lines(of: register, what)
    do {
      return try Run(json: try RegisterText.value(lines.first, of: register, what))
    } catch is MalformedRecord {
      throw RegisterText.damaged(register, what, "it makes no sense")
    }
  }
}
