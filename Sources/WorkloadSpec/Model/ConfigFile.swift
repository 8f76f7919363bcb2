/// A file that a service is given.
public struct ConfigFile: SpecElement {
  /// The name, unique within the service.
  public var name = ""
  /// Where the service sees it.
  public var path = ""
  /// What the content must be.
  public var format = ConfigFormat.text
  /// The text of the file, with references to secrets unresolved.
  public var content = ""
  /// The file whose content it is, until that is read: a snapshot holds the content itself.
  public var file: String?
  /// The folder whose files it stands for, until those are read: a snapshot holds a config file for each.
  public var folder: String?
  /// The permissions; `nil` for those that the provider gives such files.
  public var mode: String?
  /// Who it belongs to; `nil` for who the provider gives such files to.
  public var owner: String?

  /// A file with nothing set.
  public init() {}

  /// Told apart by name.
  public static let identityFields = ["name"]
  /// Config files of a service are told apart by name.
  public var identity: String { name }

  /// Ten thousand: a folder of them counts file by file.
  public static let maximumCount = 10_000

  /// What an observation has in the place of a content that was changed by hand and may hold secrets.
  public static let withheldContent = "(changed; not shown, because it may hold secrets)"

  /// The statement of a config file's fields.
  public static let schema = ObjectSchema<ConfigFile>(
    "config file", "A file that a service is given.",
    synonyms: [
      "target": "path", "mountPath": "path", "data": "content", "template": "content",
      "source": "file", "directory": "folder", "uid": "owner", "defaultMode": "mode",
    ],
    alternatives: Alternatives(
      ["content", "file", "folder"],
      help: "add `content`, `file` with the path of a file that has it, or `folder` with that of many"),
    fields: [
      Field("name", \.name, "the name, unique within the service", required: true, rules: [.dnsLabel]),
      Field("path", \.path, "where the service sees it", required: true, rules: [.filePath]),
      Field("format", \.format, "what the content must be", compared: .never),
      Field(
        "content", \.content, "the content; it is needed unless `file` or `folder` is given",
        takesSecrets: true, takesAddresses: true),
      Field(
        "file", \.file,
        "a file whose content is taken as it is, by its path from the folder of this one; it lies in the same git "
          + "repository or, without one, in the same folder",
        compared: .never, rules: [.notEmpty]),
      Field(
        "folder", \.folder,
        "a folder whose files are taken as they are, with their permissions, and are seen below `path`; where it lies, see "
          + "`file`",
        compared: .never, rules: [.notEmpty]),
      Field("mode", \.mode, "the permissions, such as `0640`", rules: [.fileMode]),
      Field("owner", \.owner, "who it belongs to, as `UID` or `UID:GID`", rules: [.owner]),
    ])
}

/// What the content of a config file must be.
public enum ConfigFormat: String, SpecChoice {
  /// Anything.
  case text
  /// The content is checked as YAML.
  case yaml
  /// The content is checked as JSON.
  case json
  /// `NAME=value` lines.
  case env
  /// The content is checked as TOML.
  case toml
  /// The content is checked as INI.
  case ini
}
