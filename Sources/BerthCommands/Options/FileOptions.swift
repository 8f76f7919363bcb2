import ArgumentParser
import Diagnostics
import Foundation
import WorkloadSpec

/// Where workloads are read from, and what their variables are.
struct FileOptions: ParsableArguments {
  @Option(
    name: [.short, .customLong("file")],
    help: ArgumentHelp(
      "A workload file, a folder of them, or - for standard input. Repeat it to merge later ones over earlier ones.",
      valueName: "path"), completion: .specs)
  var files: [String] = []

  @OptionGroup var variables: VariableOptions
  @OptionGroup var allowance: FileAllowance

  /// Throws if there is nothing to read.
  func requireFiles() throws {
    if files.isEmpty {
      throw ValidationError("Say what to read: -f workload.yaml, -f folder/, or -f - for standard input.")
    }
  }

  /// Reads the workloads. What is wrong with them is in the result, too.
  func read(for selection: NamespaceSelection) throws -> LoadResult {
    var options = try variables.loadOptions()
    options.destination = selection.destination
    options.allowedFolders = try allowance.checked()
    return WorkloadLoader.load(paths: files, options: options)
  }

  /// Reads the workloads, prints warnings, and throws if there is an error.
  func load(for selection: NamespaceSelection, _ console: Console) throws -> [LoadedWorkload] {
    try Self.checked(try read(for: selection), console)
  }

  /// Reads the workloads while their target is being reached, which goes on after that. What is wrong with the target is said
  /// before what is wrong with the files.
  ///
  /// - Parameter policies: where the policies come from that the command is held to, besides the configuration.
  func load(
    for selection: TargetSelection, _ console: Console, heldTo policies: PolicySource? = nil
  ) async throws -> (target: Target, workloads: [LoadedWorkload]) {
    // The target is resolved first, so that a wrong one is reported before a user types a workload in.
    let target = try selection.begin(policies: policies)
    if files.contains("-") { try await target.reached() }
    do {
      return (target, try load(for: selection.selection, console))
    } catch {
      try await target.reached()
      throw error
    }
  }

  private static func checked(_ result: LoadResult, _ console: Console) throws -> [LoadedWorkload] {
    guard !result.diagnostics.hasErrors else { throw DiagnosticError(result.diagnostics) }
    console.warn(result.diagnostics)
    return result.workloads
  }
}

/// Which files a file may name.
struct FileAllowance: ParsableArguments {
  @Option(
    name: .customLong("allow-files-from"),
    help: ArgumentHelp(
      "Let files be named that lie in this folder, too, and not only in the repository or the folder of the file that "
        + "names them. Repeat it for more.", valueName: "folder"), completion: .directory)
  var folders: [String] = []

  /// The folders.
  ///
  /// - Throws: `ValidationError` if one is not there: a slip would otherwise look like a file that is refused.
  func checked() throws -> [String] {
    for folder in folders {
      var isFolder: ObjCBool = false
      guard FileManager.default.fileExists(atPath: folder, isDirectory: &isFolder), isFolder.boolValue else {
        throw ValidationError("invalid value '\(folder)' for --allow-files-from: expected a folder")
      }
    }
    return folders
  }
}

/// What variables are set to.
struct VariableOptions: ParsableArguments {
  @Option(
    name: .customLong("var"),
    help: ArgumentHelp("Set a variable. Wins over files and BERTH_VAR_name.", valueName: "name=value"))
  var assignments: [String] = []

  @Option(
    name: .customLong("var-file"), help: ArgumentHelp("A YAML file of variables.", valueName: "path"),
    completion: .specs)
  var files: [String] = []

  /// Whether nothing is set.
  var isEmpty: Bool { assignments.isEmpty && files.isEmpty }

  func loadOptions() throws -> LoadOptions {
    var values: [String: String] = [:]
    for assignment in assignments {
      guard let equals = assignment.firstIndex(of: "="), equals != assignment.startIndex else {
        throw ValidationError("invalid value '\(assignment)' for --var: expected name=value")
      }
      values[String(assignment[..<equals])] = String(assignment[assignment.index(after: equals)...])
    }
    return LoadOptions(
      variables: values, variableFiles: files, environment: Environment.all,
      engines: Providers.registry.engines)
  }
}
