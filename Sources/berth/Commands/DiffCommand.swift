import ArgumentParser
import Planning
import ProviderKit
import Rendering
import WorkloadSpec

/// `berth diff`: compares two releases, or a file with a release.
struct DiffCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "diff",
    abstract: "Compare two releases, or a file with the last release.",
    discussion: """
      Examples:
        berth diff web
        berth diff web 2 5
        berth diff -f workload.yaml

      Without numbers, the last release is compared with the one before it. What lives plays no part here: that
      is what `berth plan` and `berth drift` compare with.
      """)

  @Argument(help: "The workload.")
  var workload: String?

  @Argument(help: "The older release, or the only one: it is then compared with the last.")
  var from: Int?

  @Argument(help: "The newer release.")
  var to: Int?

  @Option(name: [.short, .customLong("file")], help: ArgumentHelp("Compare this file with the last release.", valueName: "path"))
  var files: [String] = []

  @OptionGroup var variables: VariableOptions
  @OptionGroup var selection: TargetSelection

  @Option(help: ArgumentHelp("How to print: text, json.", valueName: "format"))
  var format = TextOrJSON.text

  func validate() throws {
    if workload == nil, files.isEmpty {
      throw ValidationError("Say what to compare: the name of a workload, or -f workload.yaml")
    }
    if workload != nil, !files.isEmpty {
      throw ValidationError("Give the name of a workload to compare its releases, or -f to compare a file; not both.")
    }
  }

  func run() async throws {
    try await reporting { console in
      let target = try selection.resolve()
      let diffs: [SnapshotDiff]
      if let workload {
        diffs = [try await releases(of: try target.key(workload), on: target)]
      } else {
        let loaded = WorkloadLoader.load(paths: files, options: try variables.loadOptions())
        guard !loaded.diagnostics.hasErrors else { throw DiagnosticError(loaded.diagnostics) }
        diffs = try await loaded.workloads.asyncMap { try await file($0.workload, on: target) }
      }
      switch format {
      case .text:
        console.write(diffs.map { ReleaseDiffText.render($0, style: console.style) }.joined(separator: "\n"))
      case .json: console.write(CanonicalJSON.pretty(["diffs": .list(diffs.map(\.json))]))
      }
    }
  }

  private func file(_ workload: Workload, on target: Target) async throws -> SnapshotDiff {
    let last = try await target.reader.history.lastRelease(of: try target.key(workload.name))
    return SnapshotDiff(
      name: workload.name, old: last?.snapshot, oldLabel: last.map { "release \($0.number)" } ?? "nothing",
      new: workload, newLabel: files.joined(separator: ", "))
  }

  private func releases(of key: WorkloadKey, on target: Target) async throws -> SnapshotDiff {
    let history = target.reader.history
    guard let last = try await history.lastRelease(of: key) else { throw UnknownWorkload.error(key, on: target) }
    let newNumber = to ?? last.number
    let oldNumber = from ?? max(newNumber - 1, 1)
    let new = try await release(newNumber, of: key, last: last, history)
    let old = try await release(oldNumber, of: key, last: last, history)
    return SnapshotDiff(
      name: key.name, old: old.snapshot, oldLabel: "release \(old.number)", new: new.snapshot,
      newLabel: "release \(new.number)")
  }

  private func release(
    _ number: Int, of key: WorkloadKey, last: Release, _ history: any ReleaseReader
  ) async throws -> Release {
    if let release = try await history.release(number, of: key) { return release }
    throw DiagnosticError(
      Diagnostic(
        .unknownRelease, "`\(key.name)` has no release \(number)",
        help: "its releases go from 1 to \(last.number); `berth history \(key.name)` lists them"))
  }
}

extension Array {
  fileprivate func asyncMap<T>(_ transform: (Element) async throws -> T) async throws -> [T] {
    var result: [T] = []
    for element in self { result.append(try await transform(element)) }
    return result
  }
}
