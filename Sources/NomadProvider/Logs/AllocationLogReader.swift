import NomadAPI
import Planning
import ProviderKit
import Values
import WorkloadSpec

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Reads what the tasks of a workload wrote. Nodes keep no time with a line: those that are kept are given the time at which their
/// task started, and those that come the time at which they come.
struct AllocationLogReader: Sendable {
  let client: NomadClient
  let key: WorkloadKey
  let query: LogQuery

  /// One output of a task.
  private struct Source: Hashable, Sendable {
    let allocation: String
    let task: String
    let stream: TaskLogQuery.Stream
    let instance: InstanceID
    let start: Timestamp
  }

  /// Gives the lines that are kept, by allocation; when following, then those that come, also those of allocations that are new.
  func read(_ give: @escaping @Sendable (LogLine) -> Void) async throws {
    let sources = try await self.sources()
    let found = await sources.concurrentMap(atOnce: 16) { source -> Result<[LogLine], any Error> in
      do { return .success(try await kept(source)) } catch { return .failure(error) }
    }
    // The last lines of a task are the last of both its outputs.
    var byTask: [String: [LogLine]] = [:]
    var order: [String] = []
    for (source, lines) in zip(sources, found) {
      let task = "\(source.allocation) \(source.task)"
      if byTask[task] == nil { order.append(task) }
      byTask[task, default: []] += try lines.get()
    }
    for task in order {
      let lines = byTask[task] ?? []
      for line in query.tail.map({ lines.last(lines: $0) }) ?? lines { give(line) }
    }
    guard query.follow else { return }
    try await follow(Set(sources), give)
  }

  private func sources() async throws -> [Source] {
    let found = try await ClusterListing(of: [key], on: client).jobs(of: key)
    let kind = found.job?.json.marks[Mark.kind].flatMap(WorkloadKind.init) ?? .deployment
    var sources: [Source] = []
    let newest = Dictionary(found.allocations.map { ($0.name, $0.createIndex) }, uniquingKeysWith: max)
    // One whose place another has taken is no instance any more.
    let allocations = found.allocations.filter { !$0.isTerminal || newest[$0.name] == $0.createIndex }
    for allocation in allocations.sorted(by: { $0.createIndex < $1.createIndex }) {
      sources += self.sources(of: allocation, as: JobNames.instance(allocation.id, allocation.number, kind))
    }
    for (_, allocations) in found.befores {
      if let last = allocations.max(by: { $0.createIndex < $1.createIndex }) {
        sources += self.sources(of: last, as: .before)
      }
    }
    return sources
  }

  private func sources(of allocation: Allocation, as instance: InstanceID) -> [Source] {
    allocation.tasks.sorted { $0.key < $1.key }.flatMap { name, task -> [Source] in
      guard query.wants(name, of: instance), let start = task.startedAt.map(Timestamp.init) else { return [] }
      // When a line was written is not known; what ended before then has written none since.
      if let since = query.since, let end = task.finishedAt.map(Timestamp.init), end < since { return [] }
      return [TaskLogQuery.Stream.output, .error].map {
        Source(allocation: allocation.id, task: name, stream: $0, instance: instance, start: start)
      }
    }
  }

  private func line(_ bytes: [UInt8], _ goesOn: Bool, of source: Source, at time: Timestamp) -> LogLine {
    LogLine(
      instance: source.instance, service: source.task, at: time, isError: source.stream == .error,
      bytes: bytes, goesOn: goesOn)
  }

  private func kept(_ source: Source) async throws -> [LogLine] {
    let query = TaskLogQuery(task: source.task, stream: source.stream)
    var lines: [LogLine] = []
    do {
      try await TaskLines.read(client.allocations.logs(source.allocation, query, in: key.namespace)) {
        lines.append(line($0, $1, of: source, at: source.start))
      }
    } catch let error as NomadError where error.isNotFound { return [] }
    return self.query.tail.map { lines.last(lines: $0) } ?? lines
  }

  /// How often it is looked for new allocations.
  private static let pause = Duration.seconds(1)

  private func follow(_ known: Set<Source>, _ give: @escaping @Sendable (LogLine) -> Void) async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
      var followed: Set<Source> = []
      while true {
        for source in try await sources() where followed.insert(source).inserted {
          let isNew = !known.contains(source)
          group.addTask { try await follow(source, fromStart: isNew, give) }
        }
        try await Task.sleep(for: Self.pause)
      }
    }
  }

  private func follow(
    _ source: Source, fromStart: Bool, _ give: @escaping @Sendable (LogLine) -> Void
  ) async throws {
    let query = TaskLogQuery(
      task: source.task, stream: source.stream, follows: true, start: fromStart ? .beginning : .last(bytes: 0)
    )
    do {
      try await TaskLines.read(client.allocations.logs(source.allocation, query, in: key.namespace)) {
        give(line($0, $1, of: source, at: .ofThisMachine))
      }
    } catch let error as NomadError where !error.isForbidden {}
  }
}

extension Timestamp {
  /// The time by this machine's clock.
  fileprivate static var ofThisMachine: Timestamp {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Timestamp(milliseconds: Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000)
  }
}
