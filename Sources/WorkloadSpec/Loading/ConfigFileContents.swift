import UserFiles

/// Takes the content of config files from the files that specs name, so that what is planned and recorded needs no
/// other file than itself.
struct ConfigFileContents {
  /// The size of the largest config file: 1 MiB, which is what engines take.
  static let maximumSize = 1 << 20
  /// How much all config files of one command may have together: 64 MiB. One file can be named often.
  static let maximumTotal = 64 << 20

  private let allowedFolders: [String]
  private var total = 0

  /// Nothing is read yet.
  ///
  /// - Parameter folders: the folders that files may lie in besides the tree of the spec that names them.
  init(allowing folders: [String]) { allowedFolders = folders }

  /// Fills in the contents of a workload; what can't be read is reported where it is named.
  mutating func fill(_ workload: inout Workload, _ places: SpecPlaces, _ diagnostics: inout Diagnostics) {
    for service in workload.services.indices {
      for index in workload.services[service].configFiles.indices
      where workload.services[service].configFiles[index].file != nil {
        let owner = workload.services[service]
        fill(&workload.services[service].configFiles[index], of: owner, places, &diagnostics)
      }
    }
  }

  private mutating func fill(
    _ config: inout ConfigFile, of service: Service, _ places: SpecPlaces, _ diagnostics: inout Diagnostics
  ) {
    guard let path = config.file else { return }
    let place = places.place(of: config, in: "configFiles", of: service, "file")
    config.file = nil
    if !config.content.isEmpty {
      diagnostics.report(
        .configFileSource, "the config file `\(config.name)` has both `content` and `file`", at: place,
        help: "keep one of the two")
      return
    }
    // Standard input lies in the working directory.
    let folder = RealPath.folder(of: place?.file.name ?? "")
    let name = path.hasPrefix("/") || folder.isEmpty ? path : folder + "/" + path
    let bytes: [UInt8]
    do throws(UserFileError) {
      bytes = try UserFile.bytes(
        of: name, atMost: Self.maximumSize, within: FileBoundary(around: folder, allowing: allowedFolders))
    } catch {
      diagnostics.append(Diagnostic(error, at: place, help: Self.help(for: error)))
      return
    }
    total += bytes.count
    guard total <= Self.maximumTotal else {
      diagnostics.report(
        .fileTooLarge,
        "with `\(name)`, the config files are larger than \(Self.maximumTotal >> 20) MiB together",
        at: place, help: "put large data into a volume, or into the image")
      return
    }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      diagnostics.report(
        .notUTF8, "`\(name)` is not valid UTF-8", at: place, help: "save the file as UTF-8")
      return
    }
    // The file is taken as it is: what looks like a variable in it is none.
    config.content = Interpolation.escapeForProvider(text)
  }

  private static func help(for error: UserFileError) -> String? {
    switch error.problem {
    case .system, .danglingLink: "the path is taken from the folder of the workload file"
    case .tooLarge: "a config file is small; put large data into a volume"
    case .notRegular, .outside, .gitFolder: nil
    }
  }
}
