import Wire

/// How something is written.
package struct WriteOptions: Sendable, Equatable {
  /// In whose name fields are written.
  package var fieldManager: String
  /// Whether the server only says what would become of it. This needs the right to write.
  package var isDryRun: Bool
  /// Whether fields that the server does not know are refused, by servers from 1.27 on (1.25 and 1.26 by
  /// default, too). Older ones drop them.
  package var isStrict: Bool

  package init(fieldManager: String, isDryRun: Bool = false, isStrict: Bool = false) {
    self.fieldManager = fieldManager
    self.isDryRun = isDryRun
    self.isStrict = isStrict
  }

  func applied(to request: Request) -> Request {
    request.with("fieldManager", fieldManager).with("dryRun", isDryRun ? "All" : nil)
      .with("fieldValidation", isStrict ? "Strict" : nil)
  }
}
