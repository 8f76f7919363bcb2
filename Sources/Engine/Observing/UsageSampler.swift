import Planning
import ProviderKit

/// Looks at what services use, and remembers it, so that the next look can tell a rate.
public struct UsageSampler: Sendable {
  /// How long the first look takes: one reading alone tells no rate.
  private static let firstInterval = Duration.milliseconds(500)

  private let keys: [WorkloadKey]
  private let reader: any ProviderReader
  private var last: [WorkloadKey: [ServiceUsage]] = [:]

  /// Looks at some workloads.
  public init(_ keys: [WorkloadKey], reader: any ProviderReader) {
    self.keys = keys
    self.reader = reader
  }

  /// What each service uses. The first look takes half a second.
  ///
  /// - Throws: `DiagnosticError` if the engine can't be asked.
  public mutating func look() async throws -> [UsageSample] {
    if last.isEmpty {
      last = try await read()
      try await Task.sleep(for: Self.firstInterval)
    }
    let now = try await read()
    defer { last = now }
    return keys.flatMap { key in
      (now[key] ?? []).map { usage in
        let earlier = last[key]?.first { $0.instance == usage.instance && $0.service == usage.service }
        return UsageSample(
          key: key, instance: usage.instance, service: usage.service,
          processorsBusy: usage.processorsBusy(since: earlier), cpuTime: usage.cpuTime,
          memory: usage.memory, memoryLimit: usage.memoryLimit, openFiles: usage.openFiles,
          processes: usage.processes)
      }
    }
  }

  private func read() async throws -> [WorkloadKey: [ServiceUsage]] {
    var usage: [WorkloadKey: [ServiceUsage]] = [:]
    try await explaining {
      for key in keys { usage[key] = try await reader.usage(of: key) }
    }
    return usage
  }
}
