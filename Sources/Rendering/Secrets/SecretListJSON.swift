import Values

/// The secrets of a vault for programs.
public enum SecretListJSON {
  /// An object with the keys `namespace` and `secrets`. Each secret has these keys:
  ///
  /// | key | value |
  /// | --- | --- |
  /// | `key` | the key |
  /// | `version` | how often it was set |
  /// | `setAt` | when it was set last |
  public static func render(_ secrets: [ListedSecret], namespace: String) -> String {
    CanonicalJSON.pretty([
      "namespace": .string(namespace),
      "secrets": .list(
        secrets.map { secret in
          [
            "key": .string(secret.key), "version": Value(secret.version),
            "setAt": .string(secret.setAt.description),
          ]
        }),
    ])
  }
}
