import Diagnostics
import UserFiles

/// Takes the content of config files from the files and folders that specs name, so that what is planned and recorded
/// needs no other file than itself.
struct ConfigFileContents {
  /// The size of the largest config file: 1 MiB, which is what engines take.
  static let maximumSize = 1 << 20
  /// How much all config files of one command may have together: 64 MiB. One file can be named often.
  static let maximumTotal = 64 << 20

  /// How much a folder may hold: as many files as a service may have, and as much as a release.
  static let folderLimits = UserFolder.Limits(
    files: ConfigFile.maximumCount, file: maximumSize, total: 8 << 20)

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
      guard workload.services[service].configFiles.contains(where: { $0.folder != nil }) else { continue }
      let owner = workload.services[service]
      workload.services[service].configFiles = owner.configFiles.flatMap {
        $0.folder == nil ? [$0] : files(of: $0, of: owner, places, &diagnostics)
      }.sorted { $0.precedes($1) }
    }
  }

  /// Fills in the user data of a machine, if a file has it.
  mutating func fillUserData(
    of workload: inout Workload, _ places: SpecPlaces, _ diagnostics: inout Diagnostics
  ) {
    guard let machine = workload.machine, let path = machine.userData?.file else { return }
    let place = places.place(of: machine, "userData", "file")
    workload.machine?.userData = text(of: path, at: place, &diagnostics).map { FileText($0) }
  }

  /// The config files that one stands for which names a folder; none if that can't be taken.
  private mutating func files(
    of config: ConfigFile, of service: Service, _ places: SpecPlaces, _ diagnostics: inout Diagnostics
  ) -> [ConfigFile] {
    guard let folder = config.folder else { return [config] }
    let place = places.place(of: config, in: "configFiles", of: service, "folder")
    guard config.content.isEmpty else {
      diagnostics.report(
        .configFileSource,
        "the config file `\(config.name)` has both `folder` and \(config.file == nil ? "`content`" : "`file`")",
        at: place, help: "keep one of the two")
      return []
    }
    let (name, boundary) = resolve(folder, from: place)
    let files: [UserFolder.File]
    do throws(UserFolder.Problem) {
      files = try UserFolder.files(of: name, within: boundary, Self.folderLimits)
    } catch {
      diagnostics.report(.configFolder, Self.message(for: error), at: place, help: Self.help(for: error))
      return []
    }
    guard !files.isEmpty else {
      diagnostics.report(
        .configFolder, "there is no file in `\(name)`", at: place,
        help: "leave `\(config.name)` out, or use a volume for a folder that the service fills")
      return []
    }
    var made: [ConfigFile] = []
    for file in files {
      guard let text = String(validating: file.bytes, as: UTF8.self) else {
        diagnostics.report(
          .notUTF8, "`\(name)/\(file.path)` is not valid UTF-8", at: place,
          help: "config files are texts: put data into a volume, or into the image")
        return []
      }
      guard add(file.bytes.count, name, at: place, &diagnostics) else { return [] }
      var one = config
      one.folder = nil
      one.name = Self.name(of: file.path, in: config.name)
      one.path =
        (config.path.hasSuffix("/") ? config.path : config.path + "/")
        + Interpolation.escapeForProvider(file.path)
      one.content = Interpolation.escapeForProvider(text)
      // What a checkout makes of other permissions differs from one to the next.
      if one.mode == nil, file.isExecutable { one.mode = "0755" }
      made.append(one)
    }
    return made
  }

  /// What a file of a folder is called: after its path, and by that for ever.
  private static func name(of path: String, in folder: String) -> String {
    var digest: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in path.utf8 { digest = (digest ^ UInt64(byte)) &* 0x100_0000_01b3 }
    let stem = "\(folder.prefix(20))-\(words(of: path))".split(separator: "-").joined(separator: "-")
    let hex = String(digest, radix: 16)
    return stem + "-" + String(repeating: "0", count: 16 - hex.count) + hex
  }

  /// The last letters and digits of a path, with a hyphen for what lies between them.
  private static func words(of path: String) -> String {
    var words: [UInt8] = []
    for byte in path.utf8 {
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"): words.append(byte)
      case UInt8(ascii: "A")...UInt8(ascii: "Z"): words.append(byte | 0x20)
      default: words.append(UInt8(ascii: "-"))
      }
    }
    return String(decoding: words.suffix(20), as: UTF8.self)
  }

  /// A path as it is taken from the file that has it, and where it may lead.
  private func resolve(_ path: String, from place: SourceLocation?) -> (String, FileBoundary) {
    // Standard input lies in the working directory.
    let folder = RealPath.folder(of: place?.file.name ?? "")
    let name = path.hasPrefix("/") || folder.isEmpty ? path : folder + "/" + path
    return (name, FileBoundary(around: folder, allowing: allowedFolders))
  }

  /// Counts what is read; more than may be is reported.
  private mutating func add(
    _ count: Int, _ name: String, at place: SourceLocation?, _ diagnostics: inout Diagnostics
  ) -> Bool {
    total += count
    if total <= Self.maximumTotal { return true }
    diagnostics.report(
      .fileTooLarge,
      "with `\(name)`, the config files are larger than \(Self.maximumTotal >> 20) MiB together",
      at: place, help: "put large data into a volume, or into the image")
    return false
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
    if let text = text(of: path, at: place, &diagnostics) { config.content = text }
  }

  /// The content of a file that a spec names; `nil` if it can't be taken.
  private mutating func text(
    of path: String, at place: SourceLocation?, _ diagnostics: inout Diagnostics
  ) -> String? {
    let (name, boundary) = resolve(path, from: place)
    let bytes: [UInt8]
    do throws(UserFileError) {
      bytes = try UserFile.bytes(of: name, atMost: Self.maximumSize, within: boundary)
    } catch {
      diagnostics.append(Diagnostic(error, at: place, help: Self.help(for: error)))
      return nil
    }
    guard add(bytes.count, name, at: place, &diagnostics) else { return nil }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      diagnostics.report(
        .notUTF8, "`\(name)` is not valid UTF-8", at: place, help: "save the file as UTF-8")
      return nil
    }
    // The file is taken as it is: what looks like a variable in it is none.
    return Interpolation.escapeForProvider(text)
  }

  private static func help(for error: UserFileError) -> String? {
    switch error.problem {
    case .system, .danglingLink: "the path is taken from the folder of the workload file"
    case .tooLarge: "a config file is small; put large data into a volume"
    case .notRegular, .outside, .gitFolder: nil
    }
  }

  private static func message(for problem: UserFolder.Problem) -> String {
    switch problem {
    case .unreadable(let error): error.message
    case .strange(let path, let kind): "`\(path)` is neither a file nor a folder: it is \(kind)"
    case .badName(let folder): "the name of a file in `\(folder)` is not valid UTF-8"
    case .tooMany(let limit): "there are more than \(limit) files in the folder"
    case .tooLarge(let limit): "the files in the folder are larger than \(limit >> 20) MiB together"
    case .tooDeep(let path): "the folders of `\(path)` lie too deep in each other"
    }
  }

  private static func help(for problem: UserFolder.Problem) -> String {
    switch problem {
    case .unreadable(let error):
      error.isMissing ? "the path is taken from the folder of the workload file" : error.help
    case .strange: "take it out of the folder, or put a file in its place"
    case .badName: "rename the file"
    case .tooMany, .tooLarge, .tooDeep:
      "config travels with each release: put data into a volume, or into the image"
    }
  }
}
