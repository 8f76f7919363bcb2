import Planning
import Values

/// The secrets of a vault for a person.
///
///     KEY                VERSION  SET
///     shop/api-token     3        2h
///     shop/session-key   1        9d
public enum SecretListText {
  /// A table, a row for each secret.
  ///
  /// - Parameter now: what ages are counted to.
  public static func render(_ secrets: [ListedSecret], now: Timestamp, style: TextStyle) -> String {
    guard !secrets.isEmpty else { return "No secrets.\n" }
    var table = Table(["KEY", "VERSION", "SET"])
    for secret in secrets {
      table.add([
        .init(SafeText.line(secret.key)), .init("\(secret.version)"),
        .init(AgeText.from(secret.setAt, to: now)),
      ])
    }
    return table.text(style)
  }
}
