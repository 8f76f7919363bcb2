/// A file that a service is given.
public struct ConfigFile: SpecElement {
  /// The name, unique within the service.
  public var name = ""
  /// Where the service sees it.
  public var path = ""
  /// What the content must be.
  public var format = ConfigFormat.text
  /// The content.
  public var content = ""
  /// The file whose content it is, until that is read: a snapshot holds the content itself.
  public var file: String?

  /// A file with nothing set.
  public init() {}

  /// Told apart by name.
  public static let identityFields = ["name"]
  /// The name.
  public var identity: String { name }

  /// What an observation has in the place of a content that somebody changed and that may hold secrets.
  public static let withheldContent = "(changed; not shown, because it may hold secrets)"

  /// The statement of a config file's fields.
  public static let schema = ObjectSchema<ConfigFile>(
    "config file", "A file that a service is given.",
    synonyms: ["target": "path", "mountPath": "path", "data": "content", "template": "content"],
    alternatives: Alternatives(
      ["content", "file"], help: "add `content`, or `file` with the path of a file that has it"),
    fields: [
      Field("name", \.name, "the name, unique within the service", required: true, rules: [.dnsLabel]),
      Field("path", \.path, "where the service sees it", required: true, rules: [.filePath]),
      Field("format", \.format, "what the content must be", compared: .never),
      Field("content", \.content, "the content; it is needed unless `file` is given", takesSecrets: true),
      Field(
        "file", \.file,
        "a file whose content is taken as it is, by its path from the folder of this one; it lies in the same git "
          + "repository or, without one, in the same folder",
        compared: .never, rules: [.notEmpty]),
    ])
}

/// What the content of a config file must be.
public enum ConfigFormat: String, SpecChoice {
  /// Anything.
  case text
  /// YAML.
  case yaml
  /// JSON.
  case json
  /// `NAME=value` lines.
  case env
  /// TOML.
  case toml
  /// INI.
  case ini
}
