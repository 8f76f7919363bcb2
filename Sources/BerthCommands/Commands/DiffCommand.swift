import ArgumentParser
import Engine
import Planning
import ProviderKit
import Rendering
import Values
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

      Without numbers, the last release is compared with the one before it. The live state plays no part here: \
      `berth plan` and `berth drift` compare with it.
      """)

  @Argument(help: "The workload.", completion: .pastWorkloads)
  var workload: String?

  @Argument(
    help: "The older release, or the only one: it is then compared with the last.", completion: .releases)
  var from: Int?

  @Argument(help: "The newer release.", completion: .releases)
  var to: Int?

  @OptionGroup var files: FileOptions
  @OptionGroup var selection: TargetSelection

  @Option(help: ArgumentHelp("How to print: text, json.", valueName: "format"))
  var format = TextOrJSON.text

  func validate() throws {
    if workload == nil, files.files.isEmpty {
      throw ValidationError("Say what to compare: the name of a workload, or -f workload.yaml")
    }
    if workload != nil, !files.files.isEmpty {
      throw ValidationError(
        "Give the name of a workload to compare its releases, or -f to compare a file; not both.")
    }
  }

  func run() async throws {
    try await reporting { console in
      let target = try await selection.resolve()
      let comparisons: [Comparison]
      if let workload {
        comparisons = [try await releases(of: try target.key(workload), on: target)]
      } else {
        comparisons = try await specs(on: target, console)
      }
      switch format {
      case .text:
        let texts = comparisons.map {
          ReleaseDiffText.render(
            from: $0.old, to: $0.new, title: $0.title, on: Providers.registry.engines, style: console.style)
        }
        console.write(texts.joined(separator: "\n"))
      case .json:
        console.write(
          CanonicalJSON.pretty(
            .list(
              comparisons.map {
                ReleaseDiffJSON.value(
                  from: $0.old, to: $0.new, title: $0.title, on: Providers.registry.engines)
              })))
      }
    }
  }

  /// Two snapshots that are compared.
  private struct Comparison {
    let title: String
    let old: Workload?
    let new: Workload?
  }

  private func specs(on target: Target, _ console: Console) async throws -> [Comparison] {
    var comparisons: [Comparison] = []
    for workload in try files.load(for: selection.selection, console).map(\.workload) {
      let last = try await target.reader.history.lastRelease(of: try target.key(workload.name))
      let old = last.map { "release \($0.number)" } ?? "nothing"
      comparisons.append(
        Comparison(
          title: "\(workload.name): \(old) → \(files.files.joined(separator: ", "))", old: last?.snapshot,
          new: workload))
    }
    return comparisons
  }

  private func releases(of key: WorkloadKey, on target: Target) async throws -> Comparison {
    let history = target.reader.history
    guard let last = try await history.lastRelease(of: key) else {
      throw UnknownWorkload.error(key, on: target.name)
    }
    let newNumber = to ?? last.number
    let oldNumber = from ?? max(newNumber - 1, 1)
    let new = try await release(newNumber, of: key, last: last, history)
    let old = try await release(oldNumber, of: key, last: last, history)
    return Comparison(
      title: "\(key.name): release \(old.number) → release \(new.number)", old: old.snapshot,
      new: new.snapshot)
  }

  private func release(
    _ number: Int, of key: WorkloadKey, last: Release, _ history: any ReleaseReader
  ) async throws -> Release {
    if let release = try await history.release(number, of: key) { return release }
    throw try await MissingRelease.error(number, of: key, last: last, history)
  }
}
