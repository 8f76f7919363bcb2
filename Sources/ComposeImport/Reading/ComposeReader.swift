import Diagnostics
import WorkloadSpec

/// Reads compose files as compose does: each is interpolated, its services extended and its includes taken in;
/// then a later file is merged over the earlier ones.
struct ComposeReader {
  /// How many files may be included, one in the other or side by side.
  static let maximumIncludes = 200

  private let options: ComposeOptions
  private let project: ProjectFiles
  /// Reads what the user names, and what the compose files name within their boundary.
  private(set) var files: FileReader
  private(set) var diagnostics: Diagnostics
  private var includes: [String] = []
  private var includeCount = 0

  init(_ project: ProjectFiles, _ options: ComposeOptions) {
    self.project = project
    self.options = options
    files = project.files
    diagnostics = project.diagnostics
  }

  /// The project that the files describe; `nil` if they can't be read.
  mutating func read() -> ComposeProject? {
    let sources = project.paths.flatMap { path in
      path == "-" ? files.sources(at: path) : composeFile(at: path).map { [$0] } ?? []
    }
    diagnostics.append(contentsOf: files.diagnostics)
    var scope = VariableScope(
      files: project.variables, environment: options.environment, fillsIn: options.resolvesVariables)
    let name = projectName(of: sources, scope)
    scope.constants["COMPOSE_PROJECT_NAME"] = name
    guard let root = merged(sources, scope, project.folder) else {
      if !diagnostics.hasErrors {
        diagnostics.report(
          .noDocument, "there is no document in `\(project.paths.first ?? "")`",
          help: "a compose file lists its `services:`")
      }
      return nil
    }
    TopLevelKeys.check(root, &diagnostics)
    return ComposeProject(
      name: name, root: root, scope: scope, allowedFolders: files.boundary?.folders ?? [])
  }

  private func projectName(of files: [SourceFile], _ scope: VariableScope) -> String {
    let setting = options.environment["COMPOSE_PROJECT_NAME"] ?? scope.value(of: "COMPOSE_PROJECT_NAME")
    if let name = options.name ?? setting, !name.isEmpty { return name }
    var ignored = Diagnostics()
    for file in files.reversed() {
      let documents = ComposeNodeReading.documents(of: file, scope, folder: project.folder, &ignored)
      if let name = documents.last?["name"]?.text?.resolved, !name.isEmpty { return name }
    }
    let path = FilePath.resolve(project.folder.isEmpty ? "." : project.folder, in: options.workingFolder)
    return FilePath.name(of: path)
  }

  /// One of the files of the project, which the user names, or another file.
  private mutating func composeFile(at path: String) -> SourceFile? {
    project.isTyped ? files.typedSource(at: path) : files.source(at: path)
  }

  // MARK: Files

  /// The documents of files, each merged over the earlier ones.
  private mutating func merged(
    _ files: [SourceFile], _ scope: VariableScope, _ folder: String
  ) -> ComposeNode? {
    var root: ComposeNode?
    for file in files {
      for document in ComposeNodeReading.documents(of: file, scope, folder: folder, &diagnostics) {
        guard let layer = layer(document, scope) else { continue }
        root = (root.map { ComposeMerge.merge($0, layer) ?? $0 } ?? ComposeMerge.cleaned(layer))
          .map { ComposeMerge.unified($0) }
      }
    }
    return root
  }

  /// A document with its services extended and its includes taken in.
  private mutating func layer(_ root: ComposeNode, _ scope: VariableScope) -> ComposeNode? {
    guard root.entries != nil else {
      diagnostics.report(
        .composeInvalid, "a compose file is a mapping, not \(root.phrase)", at: root.location,
        help: "start with `services:`")
      return nil
    }
    var extending = ServiceExtension(document: root, scope: scope, files: files)
    let extended = extending.run()
    files = extending.files
    diagnostics.append(contentsOf: extending.diagnostics)
    return withIncludes(extended, scope)
  }

  private mutating func withIncludes(_ root: ComposeNode, _ scope: VariableScope) -> ComposeNode {
    guard let list = root["include"], !list.isNull else { return root }
    guard let elements = list.elements else {
      diagnostics.report(
        .composeInvalid, "`include` takes a list of files, not \(list.phrase)", at: list.location,
        help: "write `include: [other.yaml]`")
      return root.without("include")
    }
    var merged = root.without("include")
    for element in elements {
      guard let included = include(element, scope) else { continue }
      merged = adding(included, to: merged, at: element.location)
    }
    return merged
  }

  /// The project that an element of `include` stands for.
  private mutating func include(_ element: ComposeNode, _ scope: VariableScope) -> ComposeNode? {
    let pathNode = element["path"] ?? element
    let paths = (ComposeMerge.texts(pathNode).elements ?? []).compactMap { $0.text?.resolved }
      .map { FilePath.resolve($0, in: element.folder) }
    guard let first = paths.first else {
      diagnostics.report(
        .composeInvalid, "an element of `include` takes a path", at: element.location,
        help: "write `- other.yaml`, or `- path: other.yaml`")
      return nil
    }
    includeCount += 1
    guard !includes.contains(first), includeCount <= Self.maximumIncludes else {
      diagnostics.report(
        .composeCycle,
        includes.contains(first)
          ? "`\(first)` includes itself: \((includes + [first]).joined(separator: " → "))"
          : "more than \(Self.maximumIncludes) files are included",
        at: element.location, help: "take this include away")
      return nil
    }
    includes.append(first)
    defer { includes.removeLast() }
    let folder =
      element["project_directory"]?.text.map { FilePath.resolve($0.resolved, in: element.folder) }
      ?? FilePath.folder(of: first)
    var inner = scope
    var environmentFiles = (element["env_file"].map { ComposeMerge.texts($0).elements ?? [] } ?? [])
      .compactMap { $0.text?.resolved }.map { FilePath.resolve($0, in: element.folder) }
    // What the including project sets wins.
    let standard = FilePath.resolve(".env", in: folder)
    if environmentFiles.isEmpty, FilePath.kind(of: standard) == .file { environmentFiles = [standard] }
    inner.files.merge(
      EnvironmentFile.values(of: environmentFiles, isTyped: false, scope, &files, &diagnostics)
    ) { first, _ in
      first
    }
    return merged(paths.compactMap { source(at: $0, for: element) }, inner, folder)
  }

  private mutating func source(at path: String, for element: ComposeNode) -> SourceFile? {
    if let source = files.source(at: path) { return source }
    diagnostics.append(
      files.complaint(
        of: path, as: "the included file", at: element.location,
        help: "a path is taken from the folder of the file that includes it"))
    return nil
  }

  /// A project with the services, volumes and the like of an included one.
  private mutating func adding(
    _ included: ComposeNode, to root: ComposeNode, at location: SourceLocation
  ) -> ComposeNode {
    var sections = root.entries ?? []
    for section in included.entries ?? [] {
      guard TopLevelKeys.resources.contains(section.key), let added = section.value.entries else { continue }
      guard let index = sections.firstIndex(where: { $0.key == section.key }) else {
        sections.append(section)
        continue
      }
      let known = sections[index].value.entries ?? []
      var new: [ComposeEntry] = []
      for entry in added {
        guard let first = known.first(where: { $0.key == entry.key }) else {
          new.append(entry)
          continue
        }
        // A file that is included on two ways says the same thing twice.
        guard first.location.file.name != entry.location.file.name else { continue }
        diagnostics.report(
          .composeInvalid,
          "`\(entry.key)` under `\(section.key)` comes from an included file and from another",
          at: location, help: "rename one of the two",
          related: [
            RelatedLocation(message: "it is here", location: entry.location),
            RelatedLocation(message: "and here", location: first.location),
          ])
      }
      sections[index].value.content = .map(known + new)
    }
    return root.with(.map(sections))
  }
}
