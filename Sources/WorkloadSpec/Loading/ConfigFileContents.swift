/// Takes the content of config files from the files that a spec names, so that what is planned and recorded
/// needs no other file than itself.
enum ConfigFileContents {
  /// The size of the largest config file: 1 MiB, which is what engines take.
  static let maximumSize = 1 << 20

  /// Fills in the contents of a workload; what can't be read is reported where it is named.
  static func fill(_ workload: inout Workload, _ places: SpecPlaces, _ diagnostics: inout Diagnostics) {
    for service in workload.services.indices {
      for index in workload.services[service].configFiles.indices
      where workload.services[service].configFiles[index].file != nil {
        let owner = workload.services[service]
        fill(&workload.services[service].configFiles[index], of: owner, places, &diagnostics)
      }
    }
  }

  private static func fill(
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
    var reader = FileReader()
    guard let source = reader.source(at: resolve(path, beside: place?.file.name)) else {
      diagnostics.append(
        contentsOf: reader.diagnostics.map {
          Diagnostic(
            $0.code, $0.message, at: place, help: "the path is taken from the folder of the workload file")
        })
      return
    }
    guard source.bytes.count <= maximumSize else {
      diagnostics.report(
        .fileTooLarge, "`\(source.name)` is larger than \(maximumSize >> 20) MiB", at: place,
        help: "a config file is small; put large data into a volume")
      return
    }
    guard let text = String(validating: source.bytes, as: UTF8.self) else {
      diagnostics.report(
        .notUTF8, "`\(source.name)` is not valid UTF-8", at: place, help: "save the file as UTF-8")
      return
    }
    // The file is taken as it is: what looks like a variable in it is none.
    config.content = Interpolation.escapeForProvider(text)
  }

  /// A path as seen from the folder of a spec; standard input lies in the working folder.
  private static func resolve(_ path: String, beside spec: String?) -> String {
    guard !path.hasPrefix("/"), let spec, let slash = spec.lastIndex(of: "/") else { return path }
    return String(spec[...slash]) + path
  }
}
