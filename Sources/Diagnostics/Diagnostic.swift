/// How much a diagnostic weighs.
public enum Severity: String, Sendable {
  /// The input can't be used.
  case error
  /// The input can be used, and may not do what was meant.
  case warning
}

/// Something to tell the person who wrote the input: what, where, and what to do about it.
public struct Diagnostic: Sendable {
  /// The stable code, which `berth explain` tells more about.
  public let code: DiagnosticCode
  /// How much it weighs.
  public let severity: Severity
  /// What is wrong, in one line without a full stop.
  public let message: String
  /// Where it is; `nil` where the input as a whole is meant.
  public let location: SourceLocation?
  /// What to do about it.
  public let help: String?
  /// Other places that matter, such as the first of two duplicates.
  public let related: [RelatedLocation]

  /// States a diagnostic. The severity follows from the code.
  public init(
    _ code: DiagnosticCode, _ message: String, at location: SourceLocation? = nil, help: String? = nil,
    related: [RelatedLocation] = []
  ) {
    self.code = code
    self.severity = code.severity
    self.message = message
    self.location = location
    self.help = help
    self.related = related
  }
}

/// A second place that a diagnostic points to.
public struct RelatedLocation: Sendable {
  /// What is there.
  public let message: String
  /// Where it is.
  public let location: SourceLocation

  public init(message: String, location: SourceLocation) {
    self.message = message
    self.location = location
  }
}
