/// The version of this berth, as `--version` prints it and records carry it.
public enum BerthVersion {
  /// As semantic versioning has it.
  public static let text = "0.1.0"
}
