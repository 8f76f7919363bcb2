import ProviderKit
import Values
import WorkloadSpec

/// A file that a client renders for a task, and where the service sees it.
struct RenderedFile: Sendable, Equatable {
  /// What it is: the name of a config file, or the identity of a secret.
  let source: String
  /// Where it is rendered, from the task's own folder.
  let destination: String
  /// Where the service sees it, if that is elsewhere.
  let mount: String?
  /// The template.
  let body: String
  /// The permissions, in octal digits.
  let mode: String
  /// Who it belongs to; `nil` for who the client runs as.
  let owner: NumericOwner?
  /// Whether the service sees it below a folder of its task, which every driver has in its place.
  let isOfTask: Bool

  /// The config files of a service, then the files of its secrets.
  static func all(of service: Service, _ writing: Writing, _ secrets: ServiceSecrets) -> [RenderedFile] {
    var files = service.configFiles.map { file in
      let sources = secrets.sources(at: .configFile(file.name))
      let text = SpecText(file.content, of: service, in: writing.network, mayHoldSecrets: true)
      return RenderedFile(
        source: file.name, path: file.path, folder: file.holdsSecrets ? "secrets" : "local",
        name: "config-\(file.name)",
        // A stamp leaves out what the job has as it is.
        body: writing.secrets == nil && file.content.isEmpty
          ? TemplateSources.unknown : text.template(sources),
        mode: file.mode ?? (file.holdsSecrets ? secretMode(of: service, writing) : "0644"),
        owner: file.owner ?? (file.holdsSecrets ? secretOwner(of: service, writing) : nil), writing)
    }
    for use in service.secrets {
      for path in use.filePaths {
        let isCertificate = use.type == .tls && path == use.certificatePath
        files.append(
          RenderedFile(
            source: use.identity, path: path, folder: "secrets", name: "file-\(files.count)",
            body: secrets.body(of: use, isCertificate: isCertificate),
            mode: isCertificate ? "0644" : use.mode ?? secretMode(of: service, writing),
            owner: use.owner ?? secretOwner(of: service, writing), writing))
      }
    }
    return files
  }

  /// Who a file that holds a secret belongs to: the user of the service, so that it may read it.
  private static func secretOwner(of service: Service, _ writing: Writing) -> String? {
    guard let user = service.user, NumericOwner(user) != nil, writing.facts.has(.fileOwners) else {
      return nil
    }
    return user
  }

  /// The permissions of such a file. Where it belongs to root, another user could not read it if only its owner could; no other
  /// task sees it.
  private static func secretMode(of service: Service, _ writing: Writing) -> String {
    let user = service.user?.split(separator: ":").first
    let isOfRoot = user == nil || user == "0" || user == "root"
    return isOfRoot || secretOwner(of: service, writing) != nil ? "0400" : "0444"
  }

  private init(
    source: String, path: String, folder: String, name: String, body: String, mode: String, owner: String?,
    _ writing: Writing
  ) {
    // A path begins at the root that the service sees, with `${root}` before it or not.
    let path = ServiceTexts(root: "").fill(path)
    let own = ["/local/", "/secrets/"].first { path.hasPrefix($0) }
    isOfTask = own != nil
    if let own, writing.facts.driver.runsImages || writing.facts.driver == .exec {
      // A folder of the task is there in every container.
      (destination, mount) = (String(own.dropFirst()) + path.dropFirst(own.count), nil)
    } else if writing.facts.driver == .docker {
      (destination, mount) = ("\(folder)/\(name)", path)
    } else {
      // A process sees its files below the folder that `BERTH_ROOT` names.
      (destination, mount) = ("local" + path, nil)
    }
    (self.source, self.body) = (source, body)
    self.mode = mode
    self.owner = owner.flatMap { NumericOwner($0) }
  }

  /// As a task has it.
  func template(_ own: NomadService) -> JSON {
    var template: JSON = [
      "EmbeddedTmpl": .string(body), "DestPath": .string(destination), "Perms": .string(mode),
    ]
    own.write(into: &template)
    if let owner {
      template["Uid"] = .int(Int64(owner.user))
      if let group = owner.group { template["Gid"] = .int(Int64(group)) }
    }
    return template
  }
}

extension NomadService {
  /// What happens when a file changes that is rendered.
  func write(into template: inout JSON) {
    template["ChangeMode"] = .string(changeMode.rawValue)
    if changeMode == .signal { template["ChangeSignal"] = .string(changeSignal) }
  }
}
