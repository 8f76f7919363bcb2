import Diagnostics
import SpecImport
import WorkloadSpec

/// Turns compose files into specs, as far as they can say the same, and tells what they can't say.
package enum ComposeImporter {
  /// Imports the project that some compose files describe together; a later one is merged over the earlier ones.
  ///
  /// Nothing is written. The specs are read back as `berth validate` would, so that what is returned is valid.
  ///
  /// - Parameter paths: files, or `-` for standard input.
  package static func run(_ paths: [String], options: ComposeOptions = ComposeOptions()) -> ImportResult {
    run(ProjectFiles(paths, options: options), options: options)
  }

  /// Imports the project that some files make up; what was found when they were looked for is told, too.
  package static func run(_ projectFiles: ProjectFiles, options: ComposeOptions) -> ImportResult {
    var options = options
    options.profiles = projectFiles.profiles
    var reader = ComposeReader(projectFiles, options)
    let project = reader.read()
    var diagnostics = reader.diagnostics
    guard let project, !diagnostics.hasErrors else {
      return ImportResult([], diagnostics)
    }
    var files = reader.files
    let drafts = services(of: project, options, &files, &diagnostics)
    guard !diagnostics.hasErrors else {
      return ImportResult([], diagnostics)
    }
    DeclarationKeys.check(project, usedBy: drafts, &diagnostics)
    var boundaries = Boundaries(project, drafts, options, &files)
    let workloads = boundaries.workloads()
    diagnostics.append(contentsOf: boundaries.diagnostics)
    var imported = workloads.map { spec(of: $0, from: project, options, &diagnostics) }
    if !diagnostics.hasErrors { readBack(&imported, of: workloads, from: project, options, &diagnostics) }
    return ImportResult(imported, diagnostics, isStrict: options.isStrict)
  }

  /// Reads the specs as they will be read, from the working folder: the one that they are written to may not be there
  /// yet.
  private static func readBack(
    _ imported: inout [ImportedWorkload], of workloads: [WorkloadDraft], from project: ComposeProject,
    _ options: ComposeOptions, _ diagnostics: inout Diagnostics
  ) {
    var options = options
    options.outputFolder = ""
    var reported = Diagnostics()
    let here = workloads.map { ($0.name, spec(of: $0, from: project, options, &reported).text) }
    // What the compose files may name, the specs may name as well, wherever they will lie.
    imported.readBack(
      as: Dictionary(here) { first, _ in first }, allowedFolders: project.allowedFolders,
      engines: options.engines,
      &diagnostics)
  }

  private static func spec(
    of workload: WorkloadDraft, from project: ComposeProject, _ options: ComposeOptions,
    _ diagnostics: inout Diagnostics
  ) -> ImportedWorkload {
    var writer = WorkloadWriter(workload, options)
    let document = CanonicalYAML.document(writer.value())
    diagnostics.append(contentsOf: writer.diagnostics)
    return ImportedWorkload(
      name: workload.name, document: document, madeFrom: project.fileName, by: "berth import compose",
      notes: workload.services.flatMap(\.draft.notes))
  }

  private static func services(
    of project: ComposeProject, _ options: ComposeOptions, _ files: inout FileReader,
    _ diagnostics: inout Diagnostics
  ) -> [ServiceDraft] {
    let selected = ServiceSelection.select(project, profiles: options.profiles, &diagnostics)
    if selected.isEmpty, !diagnostics.hasErrors { reportNothing(in: project, &diagnostics) }
    let services = PreStart.expand(selected, &diagnostics)
    let names = LabelNames(services.map(\.key))
    for service in services {
      guard let name = names[service.key], name != service.key else { continue }
      diagnostics.report(
        .serviceRenamed, "`\(service.key)` becomes `\(name)`; those of its workload find it by both names",
        at: service.location, help: "a name has at most 63 lower-case letters, digits and `-`")
    }
    let volumeNames = LabelNames(project.volumes.names)
    var takenVolumes = UniqueLabels(volumeNames.labels)
    var drafts: [ServiceDraft] = []
    for service in services {
      var reading = ServiceImport(
        service, of: project, names: names, volumeNames: volumeNames, takenVolumes: takenVolumes,
        options: options, files: files)
      reading.run()
      files = reading.files
      takenVolumes = reading.takenVolumes
      diagnostics.append(contentsOf: reading.diagnostics)
      drafts.append(reading.draft)
    }
    SharedThings.add(to: &drafts, &diagnostics)
    return drafts
  }

  /// Says that no service is left, and what would choose some.
  private static func reportNothing(in project: ComposeProject, _ diagnostics: inout Diagnostics) {
    let profiles = Set(project.services.entries.flatMap { ServiceSelection.profileNames($0.value) }).sorted()
    let isEmpty = project.services.entries.isEmpty
    diagnostics.report(
      .importNothing,
      profiles.isEmpty
        ? "there is no service to import in `\(project.fileName)`"
        : "every service in `\(project.fileName)` has a profile, and none is chosen",
      help: isEmpty
        ? "a compose file lists its `services:`"
        : profiles.isEmpty
          ? "scale a service to 1 or more"
          : "choose: " + profiles.map { "`--profile \($0)`" }.joined(separator: ", "))
  }
}
