import WorkloadSpec

extension ConfigFile {
  /// Whether secrets are filled into the content.
  public var holdsSecrets: Bool { !SecretText(content).keys.isEmpty }

  /// Under which name the keyed digest of the whole content is kept, as the service was given it. It tells later
  /// whether the file was changed, without the reader having to know the secrets.
  public var sealName: String { "configFiles.\(name)" }
}
