import ArgumentParser
import Foundation
import Planning
import ProviderKit
import WorkloadSpec

/// Names that a shell offers: of what is there at the moment when it asks.
///
/// A shell asks whenever its user presses a key: so nothing is changed, nothing is asked of a person, an error is no more than no
/// names, and an engine that takes its time is not waited for.
extension CompletionKind {
  static let targets = names { line in try line.configuration().targetNames }

  /// The namespaces of which the target knows a workload.
  static let namespaces = names { line in
    Set(try await line.target().reader.history.workloads(in: nil).map(\.namespace)).sorted()
  }

  /// The workloads that are there.
  static let workloads = names { line in
    let (keys, history) = try await line.workloads()
    let heads = await history.heads(of: keys)
    return keys.filter { key in
      let release = try? heads.answer(for: key).release
      return release.map { $0.snapshot != nil } ?? true
    }.map(\.name)
  }

  /// The workloads that were ever there.
  static let pastWorkloads = names { line in try await line.workloads().keys.map(\.name) }

  /// The services of the files on the command line, or of the workload that it names.
  static let services = names { line in
    let files = line.values(of: "-f", "--file")
    guard files.isEmpty else { return line.load(files).flatMap(\.elements).map(\.name) }
    return try await line.parts()?.services.sorted() ?? []
  }

  /// The instances of the workload that the command line names.
  static let instances = names { line in try await line.parts()?.instances.map(\.description) ?? [] }

  /// The numbers of the instances of the workload that the command line names.
  static let ordinals = names { line in
    Set(try await line.parts()?.instances.compactMap(\.ordinal) ?? []).sorted().map(String.init)
  }

  /// The releases of the workload that the command line names, the newest first.
  static let releases = names { line in
    let target = try await line.target()
    for name in line.possibleWorkloads {
      let releases = try await target.reader.history.releases(of: target.key(name), before: nil, limit: 100)
      if !releases.isEmpty { return releases.map { String($0.number) } }
    }
    return []
  }

  /// Workload files and folders of them.
  static let specs = CompletionKind.file(extensions: ["yaml", "yml", "json"])

  /// How long a person waits for a key.
  private static let patience = Duration.seconds(5)

  private static func names(
    _ find: @escaping @Sendable (CompletionLine) async throws -> [String]
  ) -> CompletionKind {
    .custom { words, index, _ in
      Self.beQuiet()
      let line = CompletionLine(words, completing: index)
      return (try? await inTime(patience) { try await find(line).filter(isPlain) }) ?? []
    }
  }

  /// Whether a name is only what it is to every shell. bash expands what it is offered, commands within it included, and names
  /// of targets may be a stranger's.
  static func isPlain(_ name: String) -> Bool {
    !name.isEmpty && !name.hasPrefix("-")
      && name.utf8.allSatisfy { byte in
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
          UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"):
          true
        default: false
        }
      }
  }

  /// Takes standard input and standard error away: what helps to reach an engine would talk into the line that is being
  /// written.
  private static func beQuiet() {
    let nothing = open("/dev/null", O_RDWR)
    guard nothing >= 0 else { return }
    for stream in [0, 2] as [Int32] { dup2(nothing, stream) }
    close(nothing)
  }
}

extension CompletionLine {
  /// The configuration that the command will go by.
  fileprivate func configuration() throws -> Configuration {
    try Configuration.load(given: values(of: "--config").last)
  }

  /// The target that the command will work on.
  fileprivate func target() async throws -> Target {
    let configuration = try configuration()
    return try await Target(
      values(of: "-t", "--target").last ?? configuration.usualTarget,
      namespace: values(of: "-n", "--namespace").last, in: configuration
    ).reached()
  }

  /// The workloads of the namespace that are not on the line yet, and the history that knows them.
  fileprivate func workloads() async throws -> (keys: [WorkloadKey], history: any ReleaseReader) {
    let target = try await target()
    let written = possibleWorkloads
    let keys = try await target.reader.history.workloads(in: target.namespace)
    return (keys.filter { !written.contains($0.name) }, target.reader.history)
  }

  /// The services and instances of the workload that the line names; `nil` if it names none that is known.
  fileprivate func parts() async throws -> WorkloadParts? {
    let target = try await target()
    for name in possibleWorkloads {
      let key = try target.key(name)
      let places = try await target.reader.observe(key).places
      let release = try await target.reader.history.lastRelease(of: key)
      if release != nil || !places.isEmpty {
        return WorkloadParts(of: key, live: places, release: release?.snapshot)
      }
    }
    return nil
  }

  /// The workloads of files, as far as they can be read.
  fileprivate func load(_ files: [String]) -> [Workload] {
    let options = LoadOptions(
      variableFiles: values(of: "--var-file"), environment: Environment.all,
      engines: Providers.registry.engines)
    return WorkloadLoader.load(paths: files, options: options).workloads.map(\.workload)
  }
}
