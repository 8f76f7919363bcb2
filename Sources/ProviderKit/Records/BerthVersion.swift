/// Which berth this is.
public enum BerthVersion {
  /// As semantic versioning has it.
  public static let text = "0.1.0"
}
