/// The diagnostics of one run, in the order in which they were found.
public struct Diagnostics: Sendable, RandomAccessCollection {
  private var items: [Diagnostic] = []

  /// No diagnostics.
  public init() {}

  /// Some diagnostics.
  public init(_ items: [Diagnostic]) { self.items = items }

  /// Whether one of them is an error.
  public var hasErrors: Bool { items.contains { $0.severity == .error } }

  /// The index of the first diagnostic.
  public var startIndex: Int { items.startIndex }
  /// One past the index of the last diagnostic.
  public var endIndex: Int { items.endIndex }
  /// The diagnostic at an index.
  public subscript(index: Int) -> Diagnostic { items[index] }

  /// Adds a diagnostic.
  public mutating func append(_ diagnostic: Diagnostic) { items.append(diagnostic) }

  /// Adds diagnostics.
  public mutating func append(contentsOf diagnostics: some Sequence<Diagnostic>) {
    items.append(contentsOf: diagnostics)
  }

  /// Adds a diagnostic, made of its parts.
  public mutating func report(
    _ code: DiagnosticCode, _ message: String, at location: SourceLocation? = nil, help: String? = nil,
    related: [RelatedLocation] = []
  ) {
    items.append(Diagnostic(code, message, at: location, help: help, related: related))
  }

  /// In the order in which a reader meets them: by file as first named, line and column, those without a
  /// place last.
  public func sortedByPlace() -> Diagnostics {
    var order: [ObjectIdentifier: Int] = [:]
    for item in items {
      if let file = item.location?.file, order[ObjectIdentifier(file)] == nil {
        order[ObjectIdentifier(file)] = order.count
      }
    }
    func key(_ item: Diagnostic) -> (Int, Int, Int) {
      guard let place = item.location else { return (Int.max, 0, 0) }
      return (order[ObjectIdentifier(place.file)] ?? 0, place.line, place.column)
    }
    // Sorting by (place, index) keeps the order of those at one place.
    let sorted = items.enumerated().sorted { left, right in
      let (a, b) = (key(left.element), key(right.element))
      return a == b ? left.offset < right.offset : a < b
    }
    return Diagnostics(sorted.map(\.element))
  }
}

/// Input that can't be used, with everything that is wrong with it.
public struct DiagnosticError: Error, Sendable {
  /// What is wrong; at least one of these is an error.
  public let diagnostics: Diagnostics

  /// Wraps diagnostics.
  public init(_ diagnostics: Diagnostics) { self.diagnostics = diagnostics }

  /// Wraps one diagnostic.
  public init(_ diagnostic: Diagnostic) { diagnostics = Diagnostics([diagnostic]) }
}
