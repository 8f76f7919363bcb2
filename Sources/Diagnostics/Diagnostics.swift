/// The diagnostics of one run, in the order in which they were found.
///
/// There is a most that is kept, so that a hostile file can't turn each of its bytes into a message.
public struct Diagnostics: Sendable, RandomAccessCollection {
  /// How many diagnostics are kept; further ones are only counted.
  public static let maximumCount = 1000

  private var items: [Diagnostic] = []
  /// How many diagnostics were found beyond those that are kept, before the search for more was given up.
  public private(set) var omittedCount = 0
  /// Whether an error was found, kept or not.
  public private(set) var hasErrors = false

  public init() {}

  public init(_ items: [Diagnostic]) { append(contentsOf: items) }

  /// Whether further diagnostics are only counted, so that the effort for a good message can be saved.
  public var isFull: Bool { items.count >= Self.maximumCount }

  /// The index of the first diagnostic.
  public var startIndex: Int { items.startIndex }
  /// One past the index of the last diagnostic.
  public var endIndex: Int { items.endIndex }
  /// One of those that are kept, in the order in which they were found.
  public subscript(index: Int) -> Diagnostic { items[index] }

  /// Adds a diagnostic.
  public mutating func append(_ diagnostic: Diagnostic) {
    if diagnostic.severity == .error { hasErrors = true }
    if isFull { omittedCount += 1 } else { items.append(diagnostic) }
  }

  /// Adds diagnostics.
  public mutating func append(contentsOf diagnostics: some Sequence<Diagnostic>) {
    for diagnostic in diagnostics { append(diagnostic) }
  }

  /// Adds the diagnostics of another run, those that it only counted too.
  public mutating func append(contentsOf diagnostics: Diagnostics) {
    for diagnostic in diagnostics.items { append(diagnostic) }
    omittedCount += diagnostics.omittedCount
    hasErrors = hasErrors || diagnostics.hasErrors
  }

  /// Adds a diagnostic, made of its parts.
  public mutating func report(
    _ code: DiagnosticCode, _ message: String, at location: SourceLocation? = nil, help: String? = nil,
    related: [RelatedLocation] = []
  ) {
    append(Diagnostic(code, message, at: location, help: help, related: related))
  }

  /// Those that satisfy a condition; what was only counted still counts.
  public func filtered(by isKept: (Diagnostic) -> Bool) -> Diagnostics {
    var result = self
    result.items = items.filter(isKept)
    return result
  }

  /// Each with something else in its place, of the same code; what was only counted still counts.
  public func mapped(by change: (Diagnostic) -> Diagnostic) -> Diagnostics {
    var result = self
    result.items = items.map(change)
    return result
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
    var result = self
    result.items = sorted.map(\.element)
    return result
  }
}

/// Input that can't be used, with everything that is wrong with it.
public struct DiagnosticError: Error, Sendable {
  /// What is wrong; at least one of these is an error.
  public let diagnostics: Diagnostics

  public init(_ diagnostics: Diagnostics) { self.diagnostics = diagnostics }

  public init(_ diagnostic: Diagnostic) { diagnostics = Diagnostics([diagnostic]) }
}
