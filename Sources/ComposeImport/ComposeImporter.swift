import WorkloadSpec

/// Turns compose files into specs, as far as they can say the same, and tells what they can't say.
public enum ComposeImporter {
  /// Imports the project that some compose files describe together; a later one is merged over the earlier ones.
  ///
  /// Nothing is written. The specs are read back as `berth validate` would, so that what is returned is valid.
  ///
  /// - Parameter paths: files, or `-` for standard input.
  public static func run(_ paths: [String], options: ImportOptions = ImportOptions()) -> ImportResult {
    run(ProjectFiles(paths, options: options), options: options)
  }

  /// Imports the project that some files make up; what was found when they were looked for is told, too.
  public static func run(_ projectFiles: ProjectFiles, options: ImportOptions) -> ImportResult {
    var options = options
    options.profiles = projectFiles.profiles
    var reader = ComposeReader(projectFiles, options)
    let project = reader.read()
    var diagnostics = reader.diagnostics
    guard let project, !diagnostics.hasErrors else {
      return ImportResult(workloads: [], diagnostics: distinct(diagnostics))
    }
    var files = reader.files
    let drafts = services(of: project, options, &files, &diagnostics)
    guard !diagnostics.hasErrors else {
      return ImportResult(workloads: [], diagnostics: distinct(diagnostics))
    }
    DeclarationKeys.check(project, usedBy: drafts, &diagnostics)
    var boundaries = Boundaries(project, drafts, options, &files)
    let workloads = boundaries.workloads()
    diagnostics.append(contentsOf: boundaries.diagnostics)
    var imported = workloads.map { spec(of: $0, from: project, options, &diagnostics) }
    if !diagnostics.hasErrors {
      let read = check(workloads, of: project, options, &diagnostics)
      for index in imported.indices { imported[index].workload = read[imported[index].name] }
    }
    diagnostics = distinct(diagnostics)
    if options.isStrict { reportLoss(&diagnostics) }
    return ImportResult(
      workloads: diagnostics.hasErrors ? [] : imported.sorted { $0.name < $1.name }, diagnostics: diagnostics)
  }

  private static func spec(
    of workload: WorkloadDraft, from project: ComposeProject, _ options: ImportOptions,
    _ diagnostics: inout Diagnostics
  ) -> ImportedWorkload {
    var writer = WorkloadWriter(workload, options)
    let document = CanonicalYAML.document(writer.value())
    diagnostics.append(contentsOf: writer.diagnostics)
    return ImportedWorkload(
      name: workload.name, text: SpecComment.text(of: workload, from: project.fileName) + document)
  }

  private static func services(
    of project: ComposeProject, _ options: ImportOptions, _ files: inout FileReader,
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
    var takenVolumes = volumeNames.labels
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

  /// Reads the specs as they will be read, from the working folder: the one that they are written to may not be
  /// there yet. Required variables are given a value that fits anywhere.
  ///
  /// - Returns: the workloads by name.
  private static func check(
    _ workloads: [WorkloadDraft], of project: ComposeProject, _ options: ImportOptions,
    _ diagnostics: inout Diagnostics
  ) -> [String: Workload] {
    var options = options
    options.outputFolder = ""
    var reported = Diagnostics()
    let files = workloads.map { workload in
      SourceFile(
        name: "\(workload.name).yaml", text: spec(of: workload, from: project, options, &reported).text)
    }
    // What the compose files may name, the specs may name as well, wherever they will lie.
    var load = LoadOptions(allowedFolders: project.allowedFolders, engines: options.engines)
    for file in files {
      var ignored = Diagnostics()
      for root in YAMLReader.read(file, into: &ignored).documents {
        for variable in root["variables"]?.elements ?? [] where variable["required"] != nil {
          load.variables[variable["name"]?.text ?? ""] = "1"
        }
      }
    }
    let result = WorkloadLoader.load(layers: [files], options: load)
    for problem in result.diagnostics where problem.severity == .error {
      // Nothing is known of what engines declare.
      if options.engines.isEmpty, problem.code == .unknownProvider { continue }
      diagnostics.append(
        Diagnostic(
          .importResult, "the spec would not be valid: \(problem.message)", at: problem.location,
          help: problem.help, related: problem.related))
    }
    return Dictionary(result.workloads.map { ($0.workload.name, $0.workload) }) { first, _ in first }
  }

  private static func reportLoss(_ diagnostics: inout Diagnostics) {
    let codes: Set<DiagnosticCode> = [.notCarriedOver, .carriedOverDifferently, .composeUnknownKey]
    let count = diagnostics.count { codes.contains($0.code) }
    guard count > 0 else { return }
    diagnostics.report(
      .importLoss,
      "\(count == 1 ? "one thing is" : "\(count) things are") lost or changed, and `--strict` allows none",
      help: "take what is reported out of the compose file, or leave out `--strict`")
  }

  /// Each diagnostic once: what an alias or an extended service repeats is said once.
  private static func distinct(_ diagnostics: Diagnostics) -> Diagnostics {
    struct Key: Hashable {
      let code: DiagnosticCode
      let message: String
      let place: String
    }
    var seen: Set<Key> = []
    return diagnostics.sortedByPlace().filtered { item in
      let place = item.location.map { "\($0.file.name):\($0.line):\($0.column)" } ?? ""
      return seen.insert(Key(code: item.code, message: item.message, place: place)).inserted
    }
  }
}
